/** One message as it was said, with what came beside its words and what became of it. */
import type { Schemas } from '@shopwright/api'
import { Button, Chip, cx, Hint, MarkdownText, useToast } from '@shopwright/ui'
import { Check, CheckCheck, CircleAlert, Clock, RotateCcw, ThumbsDown, ThumbsUp, type LucideIcon } from 'lucide-react'
import { useState } from 'react'
import { api, queries } from '../../api'
import { useMay } from '../../data/account'
import type { Citation } from '../../data/chat'
import { partsOf, type Parts } from '../../data/parts'
import { useForm } from '../../frame/useForm'
import { When } from '../../frame/When'
import { useText } from '../../i18n'
import { ServerText } from '../../i18n/server'
import { Mark, OUTCOME_TONES } from '../bot/Playground'
import { TraceView, type SpanOf } from '../bot/TraceView'
import { Attachments } from './Attachments'

type Message = Schemas['MessageRead']
type Delivery = NonNullable<Message['delivery']>

export function Rating({ rating }: { rating: string | null | undefined }) {
  const { conversations: text } = useText()
  if (rating === 'up') return <Chip tone="success" icon={<ThumbsUp size={16} aria-hidden />}>{text.ratings['up']}</Chip>
  if (rating === 'down') return <Chip tone="danger" icon={<ThumbsDown size={16} aria-hidden />}>{text.ratings['down']}</Chip>
  return null
}

export function Said({ message, onOpen }: { message: Message; onOpen: (span: SpanOf) => void }) {
  const text = useText()
  const [traced, setTraced] = useState(false)
  const parts = partsOf(message.parts)
  const citations = message.citations as unknown as Citation[]
  if (message.direction === 'inbound') return <Asked parts={parts} kept={message.attachments} />
  const outcome = message.outcome as keyof typeof OUTCOME_TONES | null
  return (
    <div className="rounded-card border px-4 py-3">
      <MarkdownText text={parts.text} citation={(number) => <Mark number={number} citations={citations} onOpen={onOpen} />} />
      <Attachments parts={parts} kept={message.attachments} />
      <div className="mt-3 flex flex-wrap items-center gap-3 border-t pt-2 text-small text-muted">
        {outcome && <Chip tone={OUTCOME_TONES[outcome]}>{text.playground.outcomes[outcome]}</Chip>}
        <Rating rating={message.rating} />
        {parts.reactions.map((emoji) => <Chip key={emoji}><span aria-label={text.conversations.reaction}>{emoji}</span></Chip>)}
        <When at={message.created_at} />
        {message.delivery && <Fate delivery={message.delivery} />}
        <button type="button" aria-expanded={traced} onClick={() => setTraced(!traced)} className="min-h-6 text-accent-ink underline underline-offset-2">{text.playground.traceShow}</button>
      </div>
      {message.delivery?.reason && <Kept id={message.id} delivery={message.delivery} />}
      {message.comment && <blockquote className="mt-2 border-s-2 border-warning-line ps-3">{message.comment}</blockquote>}
      {traced && <div className="mt-4"><TraceView messageId={message.id} citations={citations} onOpen={onOpen} /></div>}
    </div>
  )
}

function Asked({ parts, kept }: { parts: Parts; kept: Message['attachments'] }) {
  const { conversations: text } = useText()
  return (
    <div className="ms-auto flex w-fit max-w-[85%] flex-col items-end gap-1">
      <div className="flex max-w-full min-w-0 flex-col gap-2 rounded-card bg-accent-soft px-4 py-2.5">
        {parts.text && <p className={cx('whitespace-pre-wrap break-words', (parts.deleted || parts.edited !== null) && 'text-muted line-through')}><span className="sr-only">{text.customer}: </span>{parts.text}</p>}
        {parts.changed && <p className="text-muted italic">{text.changedUnseen}</p>}
        {parts.edited !== null && <p className="whitespace-pre-wrap break-words">{parts.edited}</p>}
        <Attachments parts={parts} kept={kept} />
      </div>
      {(parts.deleted || parts.edited !== null) && <p className="text-small text-muted">{parts.deleted ? text.deletedLater : text.editedLater}</p>}
    </div>
  )
}

const SHAPES: Record<Delivery['state'], LucideIcon> = { waiting: Clock, sent: Check, delivered: CheckCheck, read: CheckCheck, failed: CircleAlert }

/** Ticks as people know them, with the word beside. */
function Fate({ delivery: { state } }: { delivery: Delivery }) {
  const { conversations: text } = useText()
  const Shape = SHAPES[state]
  return (
    <Hint text={text.fates[state].about}>
      <span className={cx('inline-flex items-center gap-1', state === 'read' && 'text-accent-ink', state === 'failed' && 'text-danger-ink')}><Shape size={16} aria-hidden />{text.fates[state].label}</span>
    </Hint>
  )
}

/** Why it has not arrived so far, and another try when it never will. */
function Kept({ id, delivery }: { id: string; delivery: Delivery }) {
  const { letters: text } = useText()
  const may = useMay('bots')
  const toast = useToast()
  const replay = useForm(async () => {
    await api.POST('/v1/tenant/dead-letters/{letter_id}/replay', { params: { path: { letter_id: id } } })
    for (const name of ['conversation', 'letters', 'deployments']) void queries.invalidateQueries({ queryKey: [name] })
    toast(text.replayed)
  })
  const failed = delivery.state === 'failed'
  return (
    <div className="mt-2 flex flex-wrap items-center gap-2 text-small">
      <p className={cx('min-w-0 flex-1 basis-56 break-words', failed ? 'text-danger-ink' : 'text-muted')}><ServerText text={delivery.reason} /></p>
      {failed && may && <Button small busy={replay.busy} icon={<RotateCcw size={16} aria-hidden />} onClick={() => void replay.submit()}>{text.replay}</Button>}
      {replay.error && <p role="alert" className="w-full text-danger-ink">{replay.error}</p>}
    </div>
  )
}
