/** Clients of an agency: who they are, their bots, their keys for platforms. */
import type { Schemas } from '@shopwright/api'
import { Button, Confirm, Dialog, Empty, Section, SelectField, Sheet, TextArea, TextField, useToast } from '@shopwright/ui'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { ChevronRight, Pencil, Plus, Trash2, Users } from 'lucide-react'
import { useState } from 'react'
import { api, queries, read } from '../api'
import { at, readAll, useBots, useMay, type BotRead } from '../data/account'
import { Page } from '../frame/Page'
import { Loaded, useSentence } from '../frame/problems'
import { useForm } from '../frame/useForm'
import { useText } from '../i18n'

type ClientRead = Schemas['ClientRead']
type ClientWrite = Schemas['ClientCreate']
type CredentialForm = Schemas['CredentialFormRead']
type CredentialsRead = Schemas['CredentialsRead']

const FIELDS = ['name', 'email', 'phone', 'website', 'notes'] as const
type Given = Record<(typeof FIELDS)[number], string>

export const useClients = () =>
  useQuery({ queryKey: ['clients'], retry: false, queryFn: () => readAll((cursor) => read(api.GET('/v1/tenant/clients', { params: { query: at(cursor) } }))) })

export function Clients() {
  const { clients: text } = useText()
  const may = useMay('team')
  const clients = useClients()
  const bots = useBots()
  const navigate = useNavigate()
  const { open, new: adding } = useSearch({ strict: false }) as { open?: string; new?: string }
  const show = (search: Record<string, string>) => void navigate({ to: '.', search, resetScroll: false })
  const create = may && <Button look="primary" icon={<Plus size={16} aria-hidden />} onClick={() => show({ new: '1' })}>{text.create}</Button>
  const shown = clients.data?.find(({ id }) => id === open)
  return (
    <Page title={text.title} about={text.about} actions={clients.data?.length ? create : undefined}>
      <Loaded query={clients}>
        {(all) =>
          all.length === 0 ? (
            <Empty icon={Users} title={text.emptyTitle} action={create}>{text.empty}</Empty>
          ) : (
            <ul className="divide-y rounded-card border bg-surface">
              {all.map((client) => (
                <li key={client.id}>
                  <button type="button" onClick={() => show({ open: client.id })} className="flex w-full items-center gap-4 px-4 py-3 text-start hover:bg-hover">
                    <span className="min-w-0 flex-1"><span className="block truncate font-medium">{client.name}</span><span className="block truncate text-small text-muted">{client.website || client.email}</span></span>
                    <span className="text-small text-muted">{text.bot((bots.data ?? []).filter((bot) => bot.client_id === client.id).length)}</span>
                    <ChevronRight size={16} aria-hidden className="text-muted rtl:rotate-180" />
                  </button>
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
      <Dialog open={adding === '1' && may} onClose={() => show({})} title={text.create} about={text.empty}>
        <ClientForm onDone={(client) => show({ open: client.id })} />
      </Dialog>
      <Sheet open={Boolean(shown)} onClose={() => show({})} title={shown?.name ?? text.title}>
        {shown && <Detail key={shown.id} client={shown} may={may} onGone={() => show({})} />}
      </Sheet>
    </Page>
  )
}

function ClientForm({ client, onDone }: { client?: ClientRead; onDone: (client: ClientRead) => void }) {
  const { clients: text, common } = useText()
  const toast = useToast()
  const [given, set] = useState<Given>({ name: client?.name ?? '', email: client?.email ?? '', phone: client?.phone ?? '', website: client?.website ?? '', notes: client?.notes ?? '' })
  const labels: Given = { name: common.name, email: common.email, phone: text.phone, website: text.website, notes: text.notes }
  const form = useForm(async () => {
    const body: ClientWrite = { name: given.name.trim(), email: given.email.trim() || null, phone: given.phone.trim() || null, website: given.website.trim() || null, notes: given.notes }
    const saved = client ? await read(api.PATCH('/v1/tenant/clients/{client_id}', { params: { path: { client_id: client.id } }, body })) : await read(api.POST('/v1/tenant/clients', { body }))
    await queries.invalidateQueries({ queryKey: ['clients'] })
    toast(common.saved)
    onDone(saved)
  }, FIELDS)
  return (
    <form className="flex flex-col gap-4" onSubmit={(event) => void form.submit(event)}>
      {FIELDS.map((name) => {
        const wired = { label: labels[name], value: given[name], error: form.errorOf(name), onChange: (event: { target: { value: string } }) => set({ ...given, [name]: event.target.value }) }
        return name === 'notes' ? <TextArea key={name} rows={2} {...wired} /> : <TextField key={name} required={name === 'name'} type={name === 'email' ? 'email' : name === 'phone' ? 'tel' : 'text'} maxLength={300} {...wired} />
      })}
      {form.error && <p role="alert" className="text-danger-ink">{form.error}</p>}
      <div className="flex justify-end"><Button look="primary" type="submit" busy={form.busy}>{common.save}</Button></div>
    </form>
  )
}

function Detail({ client, may, onGone }: { client: ClientRead; may: boolean; onGone: () => void }) {
  const { clients: text, common } = useText()
  const toast = useToast()
  const [editing, setEditing] = useState(false)
  const [asking, setAsking] = useState(false)
  const remove = useForm(async () => {
    await api.DELETE('/v1/tenant/clients/{client_id}', { params: { path: { client_id: client.id }, query: { confirm: client.name } } })
    void queries.invalidateQueries({ queryKey: ['clients'] })
    void queries.invalidateQueries({ queryKey: ['bots'] })
    toast(text.deleted(client.name))
    onGone()
  })
  return (
    <>
      <Section title={text.details} action={may && !editing && <Button small icon={<Pencil size={16} aria-hidden />} onClick={() => setEditing(true)}>{common.edit}</Button>}>
        {editing ? (
          <ClientForm client={client} onDone={() => setEditing(false)} />
        ) : (
          <dl className="grid grid-cols-[7rem_1fr] gap-x-4 gap-y-2">
            {(['email', 'phone', 'website', 'notes'] as const).map((name) => client[name] && (
              <div key={name} className="contents"><dt className="text-muted">{name === 'email' ? common.email : text[name]}</dt><dd className="break-words whitespace-pre-wrap">{client[name]}</dd></div>
            ))}
          </dl>
        )}
      </Section>
      <ClientBots client={client} may={may} />
      <Credentials client={client} may={may} />
      {may && <div><Button className="text-danger-ink" icon={<Trash2 size={16} aria-hidden />} onClick={() => setAsking(true)}>{common.delete}</Button></div>}
      <Confirm open={asking} onClose={() => setAsking(false)} onConfirm={() => void remove.submit()} title={text.deleteTitle} about={text.deleteAbout} action={common.delete} name={client.name} busy={remove.busy} error={remove.error} />
    </>
  )
}

function ClientBots({ client, may }: { client: ClientRead; may: boolean }) {
  const { clients: text, common } = useText()
  const toast = useToast()
  const say = useSentence()
  const bots = useBots()
  const all = bots.data ?? []
  const mine = all.filter((bot) => bot.client_id === client.id)
  const others = all.filter((bot) => bot.client_id !== client.id)
  const move = async (bot: BotRead, to: string | null) => {
    const before = bot.client_id ?? null
    const send = (target: string | null) => api.POST('/v1/tenant/bots/{bot_id}/move', { params: { path: { bot_id: bot.id } }, body: { client_id: target } }).then(() => queries.invalidateQueries({ queryKey: ['bots'] }))
    try {
      await send(to)
      toast(to ? text.moved(bot.name, client.name) : text.movedAway(bot.name), { label: common.undo, run: () => void send(before) })
    } catch (error) {
      toast(say(error))
    }
  }
  return (
    <Section title={text.bots}>
      {mine.length === 0 && <p className="text-muted">{text.noBots}</p>}
      {mine.length > 0 && (
        <ul className="divide-y rounded-card border">
          {mine.map((bot) => (
            <li key={bot.id} className="flex items-center gap-3 px-4 py-2">
              <span className="min-w-0 flex-1 truncate">{bot.name}</span>
              {may && <Button small onClick={() => void move(bot, null)}>{text.moveAway}</Button>}
            </li>
          ))}
        </ul>
      )}
      {may && others.length > 0 && (
        <SelectField label={text.move} value="" options={[{ value: '', label: '…' }, ...others.map(({ id, name }) => ({ value: id, label: name }))]} onChange={(event) => { const bot = others.find(({ id }) => id === event.target.value); if (bot) void move(bot, client.id) }} />
      )}
    </Section>
  )
}

function Credentials({ client, may }: { client: ClientRead; may: boolean }) {
  const { clients: text } = useText()
  const forms = useQuery({ queryKey: ['credential-forms'], retry: false, queryFn: () => read(api.GET('/v1/tenant/credential-forms')) })
  const stored = useQuery({ queryKey: ['credentials', client.id], retry: false, queryFn: () => read(api.GET('/v1/tenant/clients/{client_id}/credentials', { params: { path: { client_id: client.id } } })) })
  return (
    <Section title={text.credentials} about={text.credentialsAbout}>
      <Loaded query={forms}>
        {({ items }) => (
          <Loaded query={stored}>
            {(given) => <ul className="divide-y rounded-card border">{items.map((form) => <li key={form.channel} className="px-4 py-3"><Channel client={client} form={form} stored={given.items.find(({ channel }) => channel === form.channel)} may={may} /></li>)}</ul>}
          </Loaded>
        )}
      </Loaded>
    </Section>
  )
}

function Channel({ client, form: shape, stored, may }: { client: ClientRead; form: CredentialForm; stored: CredentialsRead | undefined; may: boolean }) {
  const { clients: text, common, ui } = useText()
  const toast = useToast()
  const [editing, setEditing] = useState(false)
  const [asking, setAsking] = useState(false)
  const [given, set] = useState<Record<string, string>>({})
  const path = { client_id: client.id, channel: shape.channel }
  const done = () => {
    void queries.invalidateQueries({ queryKey: ['credentials', client.id] })
    toast(common.saved)
    set({})
    setEditing(false)
    setAsking(false)
  }
  const save = useForm(async () => {
    await api.PUT('/v1/tenant/clients/{client_id}/credentials/{channel}', { params: { path }, body: { fields: Object.fromEntries(Object.entries(given).filter(([, value]) => value !== '')) } })
    done()
  }, shape.fields.map(({ name }) => name))
  const remove = useForm(async () => {
    await api.DELETE('/v1/tenant/clients/{client_id}/credentials/{channel}', { params: { path } })
    done()
  })
  return (
    <>
      <div className="flex flex-wrap items-center gap-3">
        <span className="min-w-0 flex-1 font-medium">{shape.name}</span>
        {!stored && <span className="text-small text-muted">{text.noCredentials}</span>}
        {may && !editing && <Button small onClick={() => setEditing(true)}>{stored ? common.edit : common.add}</Button>}
        {may && stored && <Button small onClick={() => setAsking(true)}>{common.remove}</Button>}
      </div>
      {!editing && stored && (
        <dl className="mt-2 grid grid-cols-[minmax(7rem,auto)_1fr] gap-x-4 gap-y-1">
          {Object.entries(stored.fields).map(([name, value]) => (
            <div key={name} className="contents"><dt className="text-muted">{shape.fields.find((field) => field.name === name)?.label ?? name}</dt><dd className="font-mono text-small break-all">{value}</dd></div>
          ))}
        </dl>
      )}
      {editing && (
        <form className="mt-3 flex flex-col gap-3" onSubmit={(event) => void save.submit(event)}>
          {shape.fields.map((field) => (
            <TextField
              key={field.name} label={field.label} type={field.secret ? 'password' : 'text'} autoComplete="off" required={field.required && !stored?.fields[field.name]}
              {...(stored?.fields[field.name] ? { placeholder: stored.fields[field.name], hint: text.keep } : field.hint ? { hint: field.hint } : {})}
              {...(field.pattern ? { pattern: field.pattern } : {})}
              value={given[field.name] ?? ''} onChange={(event) => set({ ...given, [field.name]: event.target.value })} error={save.errorOf(field.name)}
            />
          ))}
          {save.error && <p role="alert" className="text-danger-ink">{save.error}</p>}
          <div className="flex justify-end gap-2"><Button onClick={() => { setEditing(false); set({}) }}>{ui.cancel}</Button><Button look="primary" type="submit" busy={save.busy}>{common.save}</Button></div>
        </form>
      )}
      <Confirm open={asking} onClose={() => setAsking(false)} onConfirm={() => void remove.submit()} title={text.removeTitle} about={text.removeAbout(shape.name)} action={common.remove} busy={remove.busy} error={remove.error} />
    </>
  )
}
