/** Members and invitations. */
import type { Schemas } from '@shopwright/api'
import { Button, Chip, Dialog, Notice, Section, SelectField, TextField, useToast } from '@shopwright/ui'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { UserPlus } from 'lucide-react'
import { useState } from 'react'
import { api, queries, read } from '../../api'
import { at, readAll, useMay } from '../../data/account'
import { Page } from '../../frame/Page'
import { Loaded, useSentence } from '../../frame/problems'
import { useForm } from '../../frame/useForm'
import { When } from '../../frame/When'
import { useText } from '../../i18n'
import { session } from '../../session'
import { useClients } from '../Clients'
import { MemberRow, useRoleOptions } from './MemberRow'

type InvitationRead = Schemas['InvitationRead']

type Role = Schemas['Role']

function useInvitations() {
  return useQuery({ queryKey: ['invitations'], retry: false, queryFn: () => readAll((cursor) => read(api.GET('/v1/tenant/invitations', { params: { query: at(cursor) } }))), select: (all) => all.filter(({ status }) => status !== 'accepted') })
}

export function Team() {
  const { settings: { team: text, tabs } } = useText()
  const may = useMay('team')
  const navigate = useNavigate()
  const { invite } = useSearch({ strict: false }) as { invite?: string }
  const members = useQuery({ queryKey: ['members'], queryFn: () => readAll((cursor) => read(api.GET('/v1/tenant/members', { params: { query: at(cursor) } }))) })
  const invitations = useInvitations()
  const show = (search: Record<string, string>) => void navigate({ to: '.', search, resetScroll: false })
  return (
    <Page title={tabs.team} about={text.about} actions={may && <Button look="primary" icon={<UserPlus size={16} aria-hidden />} onClick={() => show({ invite: '1' })}>{text.invite}</Button>}>
      <Loaded query={members}>
        {(all) => <ul className="divide-y rounded-card border">{all.map((member) => <li key={member.id}><MemberRow member={member} may={may} /></li>)}</ul>}
      </Loaded>
      {Boolean(invitations.data?.length) && (
        <Section title={text.invitations}>
          <ul className="divide-y rounded-card border">{invitations.data?.map((one) => <li key={one.id}><InvitationRow invitation={one} may={may} /></li>)}</ul>
        </Section>
      )}
      <Dialog open={invite === '1' && may} onClose={() => show({})} title={text.invite} about={text.inviteAbout}>
        <NewMember onDone={() => show({})} />
      </Dialog>
    </Page>
  )
}

function InvitationRow({ invitation, may }: { invitation: InvitationRead; may: boolean }) {
  const { settings: { team: text } } = useText()
  const toast = useToast()
  const say = useSentence()
  const path = { params: { path: { invitation_id: invitation.id } } }
  const done = (words: string) => () => {
    toast(words)
    void queries.invalidateQueries({ queryKey: ['invitations'] })
  }
  const failed = (error: unknown) => toast(say(error))
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3">
      <span className="min-w-0 flex-1 basis-48"><span className="block truncate">{invitation.email}</span><span className="text-small text-muted">{invitation.status === 'expired' ? text.expired : text.expires} <When at={invitation.expires_at} /></span></span>
      <Chip>{text.roles[invitation.role]}</Chip>
      {may && (
        <>
          <Button small onClick={() => void api.POST('/v1/tenant/invitations/{invitation_id}/resend', path).then(done(text.sent(invitation.email)), failed)}>{text.resend}</Button>
          <Button small onClick={() => void api.DELETE('/v1/tenant/invitations/{invitation_id}', path).then(done(text.withdrawn), failed)}>{text.withdraw}</Button>
        </>
      )}
    </div>
  )
}

function NewMember({ onDone }: { onDone: () => void }) {
  const { settings: { team: text }, common } = useText()
  const toast = useToast()
  const roles = useRoleOptions()
  const clients = useClients()
  const [given, set] = useState({ email: '', role: 'editor' as Role, client_id: '' })
  const form = useForm(async () => {
    await api.POST('/v1/tenant/invitations', { body: { email: given.email.trim(), role: given.role, client_id: given.client_id || null } })
    void queries.invalidateQueries({ queryKey: ['invitations'] })
    toast(text.sent(given.email))
    onDone()
  }, Object.keys(given))
  const folder = session.methods?.mail.folder
  return (
    <form className="flex flex-col gap-4" onSubmit={(event) => void form.submit(event)}>
      {folder && <Notice tone="info">{text.folder(folder)}</Notice>}
      <TextField label={common.email} type="email" required maxLength={254} value={given.email} onChange={(event) => set({ ...given, email: event.target.value })} error={form.errorOf('email')} />
      <SelectField label={text.role} hint={text.roleHints[given.role]} value={given.role} options={roles} onChange={(event) => set({ ...given, role: event.target.value as Role })} error={form.errorOf('role')} />
      {Boolean(clients.data?.length) && (
        <SelectField label={text.client} value={given.client_id} options={[{ value: '', label: text.allClients }, ...(clients.data ?? []).map(({ id, name }) => ({ value: id, label: name }))]} onChange={(event) => set({ ...given, client_id: event.target.value })} />
      )}
      {form.error && <p role="alert" className="text-danger-ink">{form.error}</p>}
      <div className="flex justify-end"><Button look="primary" type="submit" busy={form.busy}>{text.invite}</Button></div>
    </form>
  )
}
