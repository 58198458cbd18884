import { Button, Chip, Confirm, Notice, Section, TextField, useToast } from '@shopwright/ui'
import { Ban, Download, Merge as MergeIcon, Pencil, Split, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { api, read } from '../../api'
import { useBots, useMay } from '../../data/account'
import { calledOf, keepContact, refreshContacts, useContact, type Contact } from '../../data/contacts'
import { PathLink } from '../../frame/PathLink'
import { PlatformIcon } from '../../frame/PlatformIcon'
import { Loaded } from '../../frame/problems'
import { useForm } from '../../frame/useForm'
import { When } from '../../frame/When'
import { useFormat, useText } from '../../i18n'
import { ServerText } from '../../i18n/server'
import { usePlatformName } from '../channels/standing'
import { Agreements } from './Agreements'
import { Merge } from './Merge'

interface Props {
  id: string
  onOpen: (id: string) => void
  onGone: () => void
}

export function ContactDetail({ id, onOpen, onGone }: Props) {
  const contact = useContact(id)
  return <Loaded query={contact}>{(data) => <Person contact={data} onOpen={onOpen} onGone={onGone} />}</Loaded>
}

function Person({ contact, onOpen, onGone }: { contact: Contact } & Omit<Props, 'id'>) {
  const { contacts: text } = useText()
  const may = useMay('contacts')
  const [merging, setMerging] = useState(false)
  return (
    <>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <h2 className="min-w-0 text-title break-words">{calledOf(contact) || text.unnamed}</h2>
        {contact.blocked && <Chip tone="danger" icon={<Ban size={16} aria-hidden />}>{text.blocked}</Chip>}
      </div>
      {contact.blocked && <Notice tone="warning">{text.isBlocked}</Notice>}
      <About contact={contact} may={may} />
      <Identities contact={contact} may={may} onOpen={onOpen} />
      {may && <div><Button small icon={<MergeIcon size={16} aria-hidden />} onClick={() => setMerging(true)}>{text.merge}</Button></div>}
      {merging && <Merge contact={contact} onClose={() => setMerging(false)} />}
      <Agreements contact={contact} may={may} />
      <Talks contact={contact} />
      {may && <WayOut contact={contact} onGone={onGone} />}
    </>
  )
}

const FIELDS = ['name', 'email', 'phone', 'language', 'time_zone'] as const
type Field = (typeof FIELDS)[number]

function About({ contact, may }: { contact: Contact; may: boolean }) {
  const { contacts: text, common } = useText()
  const format = useFormat()
  const [editing, setEditing] = useState(false)
  const labels: Record<Field, string> = { name: common.name, email: common.email, phone: text.phone, language: text.language, time_zone: text.timeZone }
  return (
    <Section title={text.details} action={may && !editing && <Button small icon={<Pencil size={16} aria-hidden />} onClick={() => setEditing(true)}>{common.edit}</Button>}>
      {editing ? (
        <Edit contact={contact} labels={labels} onDone={() => setEditing(false)} />
      ) : (
        <dl className="grid grid-cols-[8rem_1fr] gap-x-4 gap-y-2">
          {FIELDS.filter((name) => name !== 'name').map((name) => (
            <div key={name} className="contents"><dt className="text-muted">{labels[name]}</dt><dd className="break-words">{contact[name] || <span className="text-muted">{text.unknown}</span>}</dd></div>
          ))}
          <div className="contents"><dt className="text-muted">{text.since}</dt><dd>{format.date(contact.created_at)}</dd></div>
        </dl>
      )}
    </Section>
  )
}

function Edit({ contact, labels, onDone }: { contact: Contact; labels: Record<Field, string>; onDone: () => void }) {
  const { contacts: text, common, ui } = useText()
  const toast = useToast()
  const [given, set] = useState<Record<Field, string>>({ name: contact.name, email: contact.email ?? '', phone: contact.phone ?? '', language: contact.language ?? '', time_zone: contact.time_zone ?? '' })
  const hints: Partial<Record<Field, string>> = { language: text.languageHint, time_zone: text.timeZoneHint }
  const form = useForm(async () => {
    const { name, ...rest } = given
    const body = { name: name.trim(), ...Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, value.trim() || null])) }
    keepContact(await read(api.PATCH('/v1/tenant/contacts/{contact_id}', { params: { path: { contact_id: contact.id } }, body })))
    toast(common.saved)
    onDone()
  }, FIELDS)
  return (
    <form className="flex flex-col gap-4" onSubmit={(event) => void form.submit(event)}>
      {FIELDS.map((name) => (
        <TextField
          key={name} label={labels[name]} type={name === 'email' ? 'email' : name === 'phone' ? 'tel' : 'text'} maxLength={name === 'name' ? 200 : 60} {...(hints[name] ? { hint: hints[name] } : {})}
          value={given[name]} error={form.errorOf(name)} onChange={(event) => set({ ...given, [name]: event.target.value })}
        />
      ))}
      {form.error && <p role="alert" className="text-danger-ink">{form.error}</p>}
      <div className="flex justify-end gap-2"><Button onClick={onDone}>{ui.cancel}</Button><Button look="primary" type="submit" busy={form.busy}>{common.save}</Button></div>
    </form>
  )
}

function Identities({ contact, may, onOpen }: { contact: Contact; may: boolean; onOpen: (id: string) => void }) {
  const { contacts: text } = useText()
  const nameOf = usePlatformName()
  const toast = useToast()
  const [asked, setAsked] = useState<string | null>(null)
  const identity = contact.identities.find(({ id }) => id === asked)
  const split = useForm(async () => {
    const made = await read(api.POST('/v1/tenant/contacts/{contact_id}/split', { params: { path: { contact_id: contact.id } }, body: { identity_id: asked ?? '' } }))
    setAsked(null)
    refreshContacts()
    keepContact(made)
    toast(text.splitDone)
    onOpen(made.id)
  })
  return (
    <Section title={text.identities} about={text.identitiesAbout}>
      <ul className="divide-y rounded-card border">
        {contact.identities.map((one) => (
          <li key={one.id} className="flex flex-wrap items-center gap-x-3 gap-y-2 px-4 py-3">
            <PlatformIcon channel={one.channel} className="text-muted" />
            <span className="min-w-0 flex-1 basis-44">
              <span className="block break-words">{one.name || one.external_id}</span>
              <span className="block text-small break-all text-muted">{nameOf(one)} · {one.external_id} · {text.lastSeen} <When at={one.last_seen_at} /></span>
              {one.gone && <span className="block text-small break-words text-warning-ink">{text.gone} <ServerText text={one.gone} /></span>}
            </span>
            {may && contact.identities.length > 1 && <Button small icon={<Split size={16} aria-hidden />} onClick={() => setAsked(one.id)}>{text.split}</Button>}
          </li>
        ))}
      </ul>
      <Confirm open={asked !== null} onClose={() => setAsked(null)} onConfirm={() => void split.submit()} title={text.splitTitle(identity?.name || identity?.external_id || '')} about={text.splitAbout} action={text.split} busy={split.busy} error={split.error} />
    </Section>
  )
}

function Talks({ contact }: { contact: Contact }) {
  const { contacts: text, common, conversations } = useText()
  const bots = useBots()
  return (
    <Section title={text.conversations}>
      {contact.conversations.length === 0 ? (
        <p className="text-muted">{text.noConversations}</p>
      ) : (
        <ul className="divide-y rounded-card border">
          {contact.conversations.map((one) => (
            <li key={one.id}>
              <PathLink to={`/conversations?open=${one.id}`} className="flex flex-wrap items-center gap-x-3 gap-y-1 px-4 py-3 no-underline hover:bg-hover">
                <PlatformIcon channel={one.channel ?? 'web'} size={16} className="text-muted" />
                <span className="min-w-0 flex-1 truncate">{bots.data?.find(({ id }) => id === one.bot_id)?.name} · {common.messages(one.message_count)}</span>
                {one.status !== 'bot' && <Chip tone="info">{conversations.status[one.status] ?? one.status}</Chip>}
                <span className="text-small text-muted"><When at={one.updated_at} /></span>
              </PathLink>
            </li>
          ))}
        </ul>
      )}
    </Section>
  )
}

function WayOut({ contact, onGone }: { contact: Contact; onGone: () => void }) {
  const { contacts: text } = useText()
  const toast = useToast()
  const [asking, setAsking] = useState<'block' | 'erase' | null>(null)
  const path = { contact_id: contact.id }
  const called = calledOf(contact) || text.unnamed
  const block = useForm(async () => {
    keepContact(await read(api.POST('/v1/tenant/contacts/{contact_id}/block', { params: { path }, body: { blocked: !contact.blocked } })))
    setAsking(null)
    toast(contact.blocked ? text.unblockDone : text.blockDone)
  })
  const hand = useForm(async () => {
    const data = await read(api.GET('/v1/tenant/contacts/{contact_id}/export', { params: { path } }))
    save(`contact-${contact.id}.json`, JSON.stringify(data, null, 2))
    toast(text.exported(called))
  })
  const erase = useForm(async () => {
    await api.DELETE('/v1/tenant/contacts/{contact_id}', { params: { path } })
    onGone()
    refreshContacts()
    toast(text.erased)
  })
  return (
    <div className="flex flex-wrap gap-2 border-t pt-5">
      <Button icon={<Ban size={16} aria-hidden />} busy={block.busy && asking === null} onClick={() => (contact.blocked ? void block.submit() : setAsking('block'))}>{contact.blocked ? text.unblock : text.block}</Button>
      <Button icon={<Download size={16} aria-hidden />} busy={hand.busy} onClick={() => void hand.submit()}>{text.export}</Button>
      <Button className="text-danger-ink" icon={<Trash2 size={16} aria-hidden />} onClick={() => setAsking('erase')}>{text.erase}</Button>
      {(hand.error || (asking === null && block.error)) && <p role="alert" className="w-full text-danger-ink">{hand.error ?? block.error}</p>}
      <Confirm open={asking === 'block'} onClose={() => setAsking(null)} onConfirm={() => void block.submit()} title={text.blockTitle(called)} about={text.blockAbout} action={text.block} busy={block.busy} error={block.error} />
      <Confirm open={asking === 'erase'} onClose={() => setAsking(null)} onConfirm={() => void erase.submit()} title={text.eraseTitle} about={text.eraseAbout} action={text.erase} name={called} busy={erase.busy} error={erase.error} />
    </div>
  )
}

function save(name: string, content: string): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob([content], { type: 'application/json' }))
  link.download = name
  link.click()
  URL.revokeObjectURL(link.href)
}
