/** What messages are made of, as a customer's app would draw it: never HTML, no address opened by itself. */
import { cx } from '@shopwright/ui'
import { Check, CheckCheck, CircleAlert, FileText, Image as ImageIcon, MapPin, Mic, Video } from 'lucide-react'
import { useState } from 'react'
import { fileName, ownPicture, safeUrl, type LabCard, type LabChoice, type LabMessage, type Run } from '../../data/lab'
import { useText } from '../../i18n'

export function Lines({ lines }: { lines: readonly Run[][] }) {
  return (
    <div className="flex flex-col break-words">
      {lines.map((line, at) => (
        <p key={at} className="min-h-[1.5em] whitespace-pre-wrap">{line.map((run, n) => <OneRun key={n} run={run} />)}</p>
      ))}
    </div>
  )
}

function OneRun({ run }: { run: Run }) {
  const url = run.url ? safeUrl(run.url) : null
  const drawn = run.code ? <code className="rounded bg-black/8 px-1 font-mono text-small dark:bg-white/10">{run.text}</code> : run.text
  const marked = cx(run.bold && 'font-strong', run.italic && 'italic', run.strike && 'line-through')
  if (url) return <a href={url} target="_blank" rel="noopener nofollow ugc" className={cx(marked, 'underline underline-offset-2')}>{drawn}</a>
  return marked ? <span className={marked}>{drawn}</span> : drawn
}

/** A picture of this server; of one elsewhere only that it is there, as the page's policy shows none of others. */
export function Picture({ url, name }: { url?: string; name?: string }) {
  const { lab: text } = useText()
  const [broken, setBroken] = useState(false)
  const own = url ? ownPicture(url, location.origin) : null
  const called = name || (url ? fileName(url) : '')
  if (own && !broken) return <img src={own} alt={text.image(called)} onError={() => setBroken(true)} className="max-h-56 w-full rounded object-cover" />
  return (
    <span className="lab-picture flex aspect-[4/3] w-full min-w-36 flex-col items-center justify-center gap-1 rounded p-2 text-center">
      <ImageIcon size={24} aria-hidden className="lab-link" />
      <span className="max-w-full truncate text-small">{called || text.picture}</span>
    </span>
  )
}

const BARS = [5, 9, 14, 8, 12, 16, 10, 6, 13, 9, 15, 7, 11, 5, 8, 12, 6, 4]

function Voice({ name }: { name: string }) {
  const { lab: text } = useText()
  return (
    <span className="flex items-center gap-2">
      <Mic size={20} aria-hidden className="lab-link shrink-0" />
      <span aria-hidden className="flex h-5 items-center gap-0.5">
        {BARS.map((height, at) => <span key={at} className="lab-link w-0.5 rounded-pill bg-current" style={{ blockSize: `${height}px` }} />)}
      </span>
      <span className="truncate text-small">{name || text.voice}</span>
    </span>
  )
}

function Files({ message }: { message: LabMessage }) {
  return message.files.map(({ name, kind }, at) => {
    if (kind === 'image') return <Picture key={at} name={name} />
    if (kind === 'audio') return <Voice key={at} name={name} />
    const Kind = kind === 'video' ? Video : FileText
    return (
      <span key={at} className="lab-edge flex items-center gap-2 rounded border px-2 py-1.5">
        <Kind size={20} aria-hidden className="lab-link shrink-0" />
        <span className="min-w-0 truncate">{name}</span>
      </span>
    )
  })
}

function Place({ place }: { place: NonNullable<LabMessage['location']> }) {
  const { lab: text } = useText()
  return (
    <span className="block">
      <span className="lab-map relative flex h-24 w-full min-w-44 items-center justify-center rounded"><MapPin size={28} aria-hidden className="text-danger-ink" /></span>
      <span className="mt-1 block text-small">{place.name || text.place} · {place.latitude.toFixed(4)}, {place.longitude.toFixed(4)}</span>
    </span>
  )
}

export type Choose = (choice: LabChoice) => void

/** A choice to tap, or a link where it opens an address. */
export function Tap({ choice, onChoose, className, disabled }: { choice: LabChoice; onChoose: Choose; className?: string; disabled: boolean }) {
  const url = choice.url ? safeUrl(choice.url) : null
  const look = cx('lab-tap flex min-h-9 items-center justify-center px-3 py-1.5 text-center font-medium no-underline disabled:opacity-60 pointer-coarse:min-h-11', className)
  if (url) return <a href={url} target="_blank" rel="noopener nofollow ugc" className={look}>{choice.title}</a>
  return <button type="button" disabled={disabled || Boolean(choice.url)} onClick={() => onChoose(choice)} className={look}>{choice.title}</button>
}

interface ChoicesProps {
  message: LabMessage
  onChoose: Choose
  disabled: boolean
}

export function Choices({ message, onChoose, disabled }: ChoicesProps) {
  const { lab: text } = useText()
  const [open, setOpen] = useState(false)
  const style = message.choices_style
  const taps = message.choices.map((choice, at) => <Tap key={at} choice={choice} onChoose={onChoose} disabled={disabled} className={style === 'quick_replies' ? 'rounded-pill!' : 'w-full'} />)
  if (style === 'list') {
    return (
      <div className="flex w-full flex-col gap-1">
        <button type="button" aria-expanded={open} onClick={() => setOpen(!open)} className="lab-tap flex min-h-9 w-full items-center justify-center px-3 py-1.5 font-medium pointer-coarse:min-h-11">{message.list_title || text.showChoices}</button>
        {open && taps}
      </div>
    )
  }
  return <div className={style === 'quick_replies' ? 'flex flex-wrap justify-end gap-1.5' : 'flex w-full flex-col gap-1'}>{taps}</div>
}

function Card({ card, onChoose, disabled }: { card: LabCard; onChoose: Choose; disabled: boolean }) {
  const url = card.url ? safeUrl(card.url) : null
  return (
    <li className="lab-edge lab-theirs flex w-52 shrink-0 snap-start flex-col overflow-hidden border">
      {card.image_url && <Picture url={card.image_url} />}
      <span className="flex flex-1 flex-col gap-0.5 p-3">
        <span className="line-clamp-2 font-medium">{url ? <a href={url} target="_blank" rel="noopener nofollow ugc" className="underline underline-offset-2">{card.title}</a> : card.title}</span>
        {card.subtitle && <span className="lab-quiet line-clamp-3 text-small">{card.subtitle}</span>}
      </span>
      {card.choices.length > 0 && <span className="flex flex-col gap-1 p-2 pt-0">{card.choices.map((choice, at) => <Tap key={at} choice={choice} onChoose={onChoose} disabled={disabled} />)}</span>}
    </li>
  )
}

export function Cards({ cards, onChoose, disabled }: { cards: readonly LabCard[]; onChoose: Choose; disabled: boolean }) {
  const many = cards.length > 1
  return (
    <ul {...(many ? { tabIndex: 0 } : {})} className={cx('flex max-w-full gap-2', many && 'snap-x overflow-x-auto pb-1')}>
      {cards.map((card, at) => <Card key={at} card={card} onChoose={onChoose} disabled={disabled} />)}
    </ul>
  )
}

/** The words of a message and what came with them. */
export function Body({ message }: { message: LabMessage }) {
  const { lab: text } = useText()
  if (message.deleted) return <p className="lab-quiet italic">{text.deleted}</p>
  return (
    <div className="flex min-w-0 flex-col gap-1.5">
      {message.images.map((url) => <Picture key={url} url={url} />)}
      <Files message={message} />
      {message.location && <Place place={message.location} />}
      {message.lines.length > 0 && <Lines lines={message.lines} />}
    </div>
  )
}

/** Ticks as people know them, each with its word for who cannot see them. */
export function Ticks({ state }: { state: LabMessage['state'] }) {
  const { lab: text } = useText()
  const label = text.states[state]
  if (state === 'failed') return <CircleAlert size={14} aria-label={label} className="text-danger-ink" />
  if (state === 'sent') return <Check size={14} aria-label={label} />
  return <CheckCheck size={14} aria-label={label} className={state === 'read' ? 'lab-link' : ''} />
}
