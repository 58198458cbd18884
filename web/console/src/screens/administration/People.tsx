/** Somebody who cannot get in any more: found by address, and the lost second step switched off. */
import type { Schemas } from '@shopwright/api'
import { Button, Chip, Confirm, Empty, TextField, useToast } from '@shopwright/ui'
import { Search, UserSearch } from 'lucide-react'
import { useState } from 'react'
import { api, read } from '../../api'
import { useAdminMe } from '../../data/administration'
import { Page } from '../../frame/Page'
import { useForm } from '../../frame/useForm'
import { useText } from '../../i18n'

type Found = Schemas['PersonFound']

export function People() {
  const { administration: { people: text }, common, frame } = useText()
  const [email, setEmail] = useState('')
  const [found, setFound] = useState<{ email: string; items: Found[] } | null>(null)
  const find = async () => {
    const { items } = await read(api.POST('/admin/people/find', { body: { email: email.trim() } }))
    setFound({ email: email.trim(), items })
  }
  const form = useForm(find, ['email'])
  return (
    <Page title={frame.people} about={text.about}>
      <form className="flex max-w-xl flex-wrap items-end gap-2" onSubmit={(event) => void form.submit(event)}>
        <div className="min-w-0 flex-1 basis-64"><TextField label={common.email} type="email" required maxLength={254} value={email} onChange={(event) => setEmail(event.target.value)} error={form.errorOf('email')} /></div>
        <Button look="primary" type="submit" busy={form.busy} icon={<Search size={16} aria-hidden />}>{text.find}</Button>
      </form>
      {form.error && <p role="alert" className="text-danger-ink">{form.error}</p>}
      {found && (found.items.length === 0 ? (
        <Empty icon={UserSearch} title={text.none(found.email)}>{text.noneAbout}</Empty>
      ) : (
        <ul className="divide-y rounded-card border">{found.items.map((one) => <li key={one.id}><Row person={one} email={found.email} onChange={find} /></li>)}</ul>
      ))}
    </Page>
  )
}

function Row({ person, email, onChange }: { person: Found; email: string; onChange: () => Promise<void> }) {
  const { administration: { people: text }, settings: { team }, frame } = useText()
  const me = useAdminMe()
  const toast = useToast()
  const [asking, setAsking] = useState(false)
  const { id, tenant_id } = person
  const off = useForm(async () => {
    if (tenant_id) await api.DELETE('/admin/tenants/{tenant_id}/members/{member_id}/two-factor', { params: { path: { tenant_id, member_id: id } } })
    else await api.DELETE('/admin/administrators/{admin_id}/two-factor', { params: { path: { admin_id: id } } })
    setAsking(false)
    toast(team.factorDone(person.name || email))
    await onChange()
  })
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3">
      <span className="min-w-0 flex-1 basis-48">
        <span className="block truncate font-medium">{tenant_id ? person.tenant_name : frame.administration}</span>
        <span className="block truncate text-small text-muted">{[person.name, person.role ? team.roles[person.role] : text.administrator].filter(Boolean).join(' · ')}</span>
      </span>
      {!person.is_active && <Chip tone="warning">{team.inactive}</Chip>}
      <Chip>{person.two_factor ? team.factor : text.factorNone}</Chip>
      {person.two_factor && me.data?.id !== id && <Button small onClick={() => setAsking(true)}>{team.factorOff}</Button>}
      <Confirm open={asking} onClose={() => setAsking(false)} onConfirm={() => void off.submit()} title={team.factorTitle} about={text.factorAbout} action={team.factorOff} name={email} busy={off.busy} error={off.error} />
    </div>
  )
}
