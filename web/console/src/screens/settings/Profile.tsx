/** The signed-in person: name, password, second factor, sessions. For members and administrators. */
import { Button, Section, TextField, useToast } from '@shopwright/ui'
import { useState } from 'react'
import { api, queries, read } from '../../api'
import { useMe } from '../../data/account'
import { Page } from '../../frame/Page'
import { useForm } from '../../frame/useForm'
import { useText } from '../../i18n'
import { PasswordField } from '../auth/PasswordField'
import { Sessions } from './Sessions'
import { TwoFactor } from './TwoFactor'

export function Profile() {
  const { settings: { tabs } } = useText()
  const me = useMe()
  return (
    <Page title={tabs.profile} about={me.data?.email}>
      {me.data && <You key={me.data.id} name={me.data.name} />}
      <Password />
      <TwoFactor on={me.data?.two_factor} base="/v1/tenant/me" onChange={() => void queries.invalidateQueries({ queryKey: ['me'] })} />
      <Sessions base="/v1/tenant/me" />
    </Page>
  )
}

function You({ name: first }: { name: string }) {
  const { settings: { profile: text }, common, auth } = useText()
  const toast = useToast()
  const [name, setName] = useState(first)
  const form = useForm(async () => {
    queries.setQueryData(['me'], await read(api.PATCH('/v1/tenant/me', { body: { name } })))
    toast(common.saved)
  }, ['name'])
  return (
    <Section title={text.you}>
      <form className="flex max-w-md flex-col gap-3" onSubmit={(event) => void form.submit(event)}>
        <TextField label={auth.yourName} maxLength={120} value={name} autoComplete="name" onChange={(event) => setName(event.target.value)} error={form.errorOf('name') ?? form.error} after={<Button type="submit" busy={form.busy} disabled={name === first}>{common.save}</Button>} />
      </form>
    </Section>
  )
}

function Password() {
  const { settings: { profile: text } } = useText()
  const toast = useToast()
  const [given, set] = useState({ current: '', new: '' })
  const form = useForm(async () => {
    await api.POST('/v1/tenant/me/password', { body: given })
    set({ current: '', new: '' })
    toast(text.changed)
  }, ['current', 'new'])
  return (
    <Section title={text.password}>
      <form className="flex max-w-md flex-col gap-4" onSubmit={(event) => void form.submit(event)}>
        <PasswordField label={text.current} value={given.current} onChange={(current) => set({ ...given, current })} error={form.errorOf('current')} />
        <PasswordField fresh label={text.new} value={given.new} onChange={(next) => set({ ...given, new: next })} error={form.errorOf('new')} />
        {form.error && <p role="alert" className="text-danger-ink">{form.error}</p>}
        <div><Button type="submit" busy={form.busy}>{text.change}</Button></div>
      </form>
    </Section>
  )
}
