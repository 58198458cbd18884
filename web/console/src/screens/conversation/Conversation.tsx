/** One conversation: who it was with, and what was said. */
import { Button, Chip, Confirm, Status, useToast } from '@shopwright/ui'
import { useQuery } from '@tanstack/react-query'
import { Contact as ContactIcon, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { api, queries, read } from '../../api'
import { at, readAll } from '../../data/account'
import { calledOf, useContact } from '../../data/contacts'
import { PathLink } from '../../frame/PathLink'
import { PlatformIcon } from '../../frame/PlatformIcon'
import { Loaded } from '../../frame/problems'
import { useForm } from '../../frame/useForm'
import { When } from '../../frame/When'
import { useText } from '../../i18n'
import type { SpanOf } from '../bot/TraceView'
import { usePlatformName } from '../channels/standing'
import { Said } from './Said'

export function Conversation({ id, onOpen, onGone }: { id: string; onOpen: (span: SpanOf) => void; onGone: () => void }) {
  const { conversations: text, common } = useText()
  const nameOf = usePlatformName()
  const toast = useToast()
  const [asking, setAsking] = useState(false)
  const path = { conversation_id: id }
  const conversation = useQuery({ queryKey: ['conversation', id], queryFn: () => read(api.GET('/v1/tenant/conversations/{conversation_id}', { params: { path } })) })
  const messages = useQuery({
    queryKey: ['conversation', id, 'messages'],
    queryFn: () => readAll((cursor) => read(api.GET('/v1/tenant/conversations/{conversation_id}/messages', { params: { path, query: at(cursor) } }))),
  })
  const remove = useForm(async () => {
    await api.DELETE('/v1/tenant/conversations/{conversation_id}', { params: { path } })
    void queries.invalidateQueries({ queryKey: ['conversations'] })
    toast(text.deleted)
    onGone()
  })
  return (
    <Loaded query={conversation}>
      {(data) => (
        <>
          <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
            <Status tone={data.status === 'bot' ? 'success' : 'info'}>{text.status[data.status] ?? data.status}</Status>
            <span className="inline-flex items-center gap-1.5 text-muted"><PlatformIcon channel={data.channel ?? 'web'} size={16} />{nameOf({ channel: data.channel ?? 'web' })}</span>
            {data.contact_id && <Who id={data.contact_id} />}
            <span className="text-muted"><When at={data.created_at} /></span>
            {data.language && <Chip>{data.language.toUpperCase()}</Chip>}
            <span className="flex-1" />
            <Button small icon={<Trash2 size={16} aria-hidden />} onClick={() => setAsking(true)}>{common.delete}</Button>
          </div>
          <Loaded query={messages}>
            {(all) => <ol aria-label={text.transcript} className="flex flex-col gap-4">{all.map((message) => <li key={message.id}><Said message={message} onOpen={onOpen} /></li>)}</ol>}
          </Loaded>
          <Confirm open={asking} onClose={() => setAsking(false)} onConfirm={() => void remove.submit()} title={text.deleteTitle} about={text.deleteAbout} action={common.delete} busy={remove.busy} error={remove.error} />
        </>
      )}
    </Loaded>
  )
}

function Who({ id }: { id: string }) {
  const { contacts: text } = useText()
  const contact = useContact(id)
  if (!contact.data) return null
  return (
    <PathLink to={`/conversations/contacts?open=${id}`} className="inline-flex min-h-6 min-w-0 items-center gap-1.5 text-accent-ink underline underline-offset-2">
      <ContactIcon size={16} aria-hidden className="shrink-0" />
      <span className="truncate">{calledOf(contact.data) || text.unnamed}</span>
    </PathLink>
  )
}
