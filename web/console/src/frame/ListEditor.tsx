import { Button, IconButton, TextField } from '@shopwright/ui'
import { Plus, X } from 'lucide-react'
import { useState } from 'react'
import { useText } from '../i18n'

/** A short list of words: each can be taken away, a new one is added with Enter. */
export function ListEditor({ label, hint, items, onChange, disabled, max = 120, empty, error, mono }: { label: string; hint?: string; items: readonly string[]; onChange: (items: string[]) => void; disabled?: boolean; max?: number; empty?: string; error?: string | undefined; mono?: boolean }) {
  const { common } = useText()
  const [typed, setTyped] = useState('')
  const add = () => {
    const fresh = typed.split('\n').map((one) => one.trim()).filter((one) => one && !items.includes(one))
    if (fresh.length) onChange([...items, ...fresh])
    setTyped('')
  }
  return (
    <div className="flex flex-col gap-2">
      {items.length > 0 ? (
        <ul aria-label={label} className="flex flex-wrap gap-2">
          {items.map((item) => (
            <li key={item} className={`flex min-h-8 items-center gap-1 rounded-pill border bg-sunk ps-3 pe-1 ${mono ? 'font-mono text-small' : ''}`}>
              <span className="break-all">{item}</span>
              <IconButton label={common.removeNamed(item)} disabled={disabled ?? false} onClick={() => onChange(items.filter((one) => one !== item))} className="size-6! rounded-pill! pointer-coarse:size-9!">
                <X size={16} aria-hidden />
              </IconButton>
            </li>
          ))}
        </ul>
      ) : (
        empty && <p className="text-muted">{empty}</p>
      )}
      {!disabled && (
        <TextField
          label={label}
          {...(hint ? { hint } : {})}
          error={error}
          value={typed}
          maxLength={max}
          onChange={(event) => setTyped(event.target.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Enter') return
            event.preventDefault()
            add()
          }}
          after={<Button onClick={add} disabled={!typed.trim()} icon={<Plus size={16} aria-hidden />}>{common.add}</Button>}
        />
      )}
    </div>
  )
}
