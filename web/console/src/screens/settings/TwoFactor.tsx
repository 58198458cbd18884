import type { Schemas } from '@shopwright/api'
import { Button, CodeBlock, CopyButton, Dialog, Section, Status, TextField } from '@shopwright/ui'
import { useState } from 'react'
import { api, read } from '../../api'
import { useForm } from '../../frame/useForm'
import { useText } from '../../i18n'
import { PasswordField } from '../auth/PasswordField'

type TwoFactorStart = Schemas['TwoFactorSetup']

export type Base = '/v1/tenant/me' | '/admin/me'
type Task = 'enable' | 'disable' | 'codes'

export function TwoFactor({ on, base, onChange }: { on: boolean | undefined; base: Base; onChange: () => void }) {
  const { settings: { profile: text } } = useText()
  const [task, setTask] = useState<Task | null>(null)
  return (
    <Section title={text.twoFactor} about={text.twoFactorAbout}>
      <div className="flex flex-wrap items-center gap-3">
        <Status tone={on ? 'success' : 'neutral'}>{on ? text.enabled : text.disabled}</Status>
        {on ? (
          <>
            <Button small onClick={() => setTask('codes')}>{text.newRecovery}</Button>
            <Button small onClick={() => setTask('disable')}>{text.disable}</Button>
          </>
        ) : (
          <Button small onClick={() => setTask('enable')}>{text.enable}</Button>
        )}
      </div>
      {task && <Steps task={task} base={base} onClose={() => setTask(null)} onChange={onChange} />}
    </Section>
  )
}

/** Password, then the code of the app, then the recovery codes. */
function Steps({ task, base, onClose, onChange }: { task: Task; base: Base; onClose: () => void; onChange: () => void }) {
  const { settings: { profile: text }, auth } = useText()
  const [password, setPassword] = useState('')
  const [code, setCode] = useState('')
  const [start, setStart] = useState<TwoFactorStart | null>(null)
  const [codes, setCodes] = useState<string[] | null>(null)
  const first = useForm(async () => {
    const body = { password }
    if (task === 'enable') setStart(await read(api.POST(`${base}/two-factor` as '/v1/tenant/me/two-factor', { body })))
    else if (task === 'codes') setCodes((await read(api.POST(`${base}/two-factor/recovery-codes` as '/v1/tenant/me/two-factor/recovery-codes', { body }))).recovery_codes)
    else {
      await api.POST(`${base}/two-factor/disable` as '/v1/tenant/me/two-factor/disable', { body })
      onChange()
      onClose()
    }
  }, ['password'])
  const second = useForm(async () => {
    setCodes((await read(api.POST(`${base}/two-factor/confirm` as '/v1/tenant/me/two-factor/confirm', { body: { code: code.trim() } }))).recovery_codes)
    onChange()
  }, ['code'])
  const title = task === 'codes' ? text.newRecovery : text.twoFactor
  if (codes) {
    return (
      <Dialog open onClose={onClose} title={text.recovery} about={text.recoveryAbout} footer={<CopyButton small={false} text={codes.join('\n')} />}>
        <ul className="grid grid-cols-2 gap-2 font-mono">{codes.map((one) => <li key={one} className="rounded-control border bg-sunk px-3 py-1.5 text-center">{one}</li>)}</ul>
      </Dialog>
    )
  }
  if (start) {
    return (
      <Dialog open onClose={onClose} title={text.scan}>
        <form className="flex flex-col gap-4" onSubmit={(event) => void second.submit(event)}>
          {/* The picture comes as text; as an image it can do nothing but be seen. */}
          <img src={URL.createObjectURL(new Blob([start.qr_svg], { type: 'image/svg+xml' }))} alt={text.scan} className="mx-auto size-48 rounded-card border bg-[#ffffff] p-2" />
          <CodeBlock label={text.secret} text={start.secret} />
          <TextField label={text.code} inputMode="numeric" autoComplete="one-time-code" required maxLength={10} value={code} onChange={(event) => setCode(event.target.value)} error={second.errorOf('code') ?? second.error} />
          <Button look="primary" type="submit" busy={second.busy}>{auth.confirm}</Button>
        </form>
      </Dialog>
    )
  }
  return (
    <Dialog open onClose={onClose} title={title} about={text.confirmPassword}>
      <form className="flex flex-col gap-4" onSubmit={(event) => void first.submit(event)}>
        <PasswordField value={password} onChange={setPassword} error={first.errorOf('password') ?? first.error} />
        <Button look={task === 'disable' ? 'danger' : 'primary'} type="submit" busy={first.busy}>{task === 'disable' ? text.disable : auth.confirm}</Button>
      </form>
    </Dialog>
  )
}
