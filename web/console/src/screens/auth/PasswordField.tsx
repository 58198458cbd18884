import { IconButton, TextField } from '@shopwright/ui'
import { Eye, EyeOff } from 'lucide-react'
import { useState } from 'react'
import { useText } from '../../i18n'

export function PasswordField({ value, onChange, fresh, error, label }: { value: string; onChange: (value: string) => void; fresh?: boolean; error?: string | undefined; label?: string }) {
  const { auth } = useText()
  const [shown, setShown] = useState(false)
  return (
    <TextField
      label={label ?? auth.password}
      type={shown ? 'text' : 'password'}
      name={fresh ? 'new-password' : 'password'}
      autoComplete={fresh ? 'new-password' : 'current-password'}
      value={value}
      onChange={(event) => onChange(event.target.value)}
      required
      {...(fresh ? { hint: auth.passwordHint, minLength: 10 } : {})}
      error={error}
      maxLength={200}
      after={
        <IconButton label={shown ? auth.hidePassword : auth.showPassword} onClick={() => setShown(!shown)} aria-pressed={shown}>
          {shown ? <EyeOff size={20} aria-hidden /> : <Eye size={20} aria-hidden />}
        </IconButton>
      }
    />
  )
}
