/** One message of a thread: as a bubble, as a row of a channel, or as a mail. */
import { cx, Menu, MenuItem, MenuLine } from '@shopwright/ui'
import { Bot as BotIcon, Ellipsis, Pencil, Reply, SmilePlus, Trash2, UserRound } from 'lucide-react'
import { offers, textOf, type ActKind, type LabAct, type LabMessage } from '../../data/lab'
import { useFormat, useText } from '../../i18n'
import { Body, Cards, Choices, Ticks } from './pieces'

export type Layout = 'bubbles' | 'rows' | 'mails'
const LAYOUTS: Record<string, Layout> = { slack: 'rows', email: 'mails', http: 'rows' }
export const layoutOf = (channel: string): Layout => LAYOUTS[channel] ?? 'bubbles'
const EMOJIS = ['👍', '❤️', '😂', '👎'] as const

export interface Playing {
  acts: ReadonlySet<ActKind>
  /** Does something to a message, or with a choice in it. */
  onAct: (act: Partial<LabAct> & { kind: ActKind }) => void
  onWrite: (mode: 'change' | 'answer', message: LabMessage) => void
  busy: boolean
  may: boolean
}
interface Props {
  message: LabMessage
  all: readonly LabMessage[]
  bot: string
  playing: Playing
}

export function Message({ layout, ...props }: Props & { layout: Layout }) {
  if (props.message.kind === 'note') return <Note message={props.message} />
  if (layout === 'rows') return <Row {...props} />
  if (layout === 'mails') return <Mail {...props} />
  return <Bubble {...props} />
}

function Note({ message }: { message: LabMessage }) {
  return <p className="lab-theirs lab-quiet mx-auto w-fit max-w-[85%] px-3 py-0.5 text-center text-small">{textOf(message)}</p>
}

function Bubble({ message, all, bot, playing }: Props) {
  const { lab: text } = useText()
  const mine = message.sender === 'customer'
  return (
    <div className={cx('group flex w-fit max-w-[88%] flex-col gap-1', mine ? 'ms-auto items-end' : 'items-start')}>
      <div className={cx('flex max-w-full items-end gap-1', mine && 'flex-row-reverse')}>
        <div className={cx('lab-bubble min-w-0 px-3 py-2', mine ? 'lab-mine' : 'lab-theirs')}>
          <span className="sr-only">{mine ? text.customer : bot}: </span>
          <ReplyTo message={message} all={all} />
          <Body message={message} />
          <Foot message={message} mine={mine} />
        </div>
        <Acts message={message} playing={playing} />
      </div>
      <Offers message={message} all={all} playing={playing} />
      <Reactions message={message} />
    </div>
  )
}

function Row({ message, all, bot, playing }: Props) {
  const { lab: text } = useText()
  const format = useFormat()
  const mine = message.sender === 'customer'
  const Who = mine ? UserRound : BotIcon
  return (
    <div className={cx('group grid grid-cols-[2.25rem_minmax(0,1fr)_auto] gap-x-2.5', message.reply_to && 'lab-edge ms-5 border-s-2 ps-2')}>
      <span aria-hidden className={cx('flex size-9 items-center justify-center rounded', mine ? 'bg-accent-soft text-accent-ink' : 'lab-edge lab-link border')}><Who size={20} /></span>
      <div className="flex min-w-0 flex-col gap-1">
        <p className="flex flex-wrap items-baseline gap-x-2">
          <span className="font-strong">{mine ? text.customer : bot}</span>
          {!mine && <span className="lab-edge lab-quiet rounded border px-1 text-[0.6875rem]">{text.app}</span>}
          <span className="lab-quiet text-small tabular-nums">{format.time(message.at)}{message.edited ? ` · ${text.edited}` : ''}</span>
        </p>
        <Body message={message} />
        <Offers message={message} all={all} playing={playing} />
        <Reactions message={message} />
      </div>
      <Acts message={message} playing={playing} />
    </div>
  )
}

function Mail({ message, all, bot, playing }: Props) {
  const { lab: text } = useText()
  const format = useFormat()
  const mine = message.sender === 'customer'
  return (
    <article className={cx('lab-edge border', mine ? 'lab-mine' : 'lab-theirs')}>
      <header className="lab-edge flex items-start gap-2 border-b px-3 py-2">
        <dl className="grid min-w-0 flex-1 grid-cols-[auto_1fr] gap-x-2 text-small">
          <dt className="lab-quiet">{text.from}</dt><dd className="truncate">{mine ? text.customer : bot}</dd>
          <dt className="lab-quiet">{text.to}</dt><dd className="truncate">{mine ? bot : text.customer}</dd>
          <dt className="lab-quiet">{text.subject}</dt><dd className="font-medium break-words">{message.subject || text.noSubject}</dd>
        </dl>
        <span className="lab-quiet text-small tabular-nums">{format.time(message.at)}</span>
        <Acts message={message} playing={playing} />
      </header>
      <div className="flex flex-col gap-2 px-3 py-3">
        <Body message={message} />
        <Offers message={message} all={all} playing={playing} />
      </div>
    </article>
  )
}

function Offers({ message, all, playing }: Omit<Props, 'bot'>) {
  const choose = ({ value, title }: { value: string; title: string }) => playing.onAct({ kind: 'choice', value: value || title, message_id: message.id })
  const disabled = playing.busy || !playing.may || !playing.acts.has('choice')
  return (
    <>
      {!message.deleted && message.cards.length > 0 && <Cards cards={message.cards} onChoose={choose} disabled={disabled} />}
      {offers(message, all) && <Choices message={message} onChoose={choose} disabled={disabled} />}
    </>
  )
}

function ReplyTo({ message, all }: { message: LabMessage; all: readonly LabMessage[] }) {
  const { lab: text } = useText()
  if (!message.reply_to || message.deleted) return null
  const meant = all.find(({ id }) => id === message.reply_to)
  return <p className="lab-edge lab-quiet mb-1 line-clamp-1 border-s-2 ps-2 text-small">{meant ? textOf(meant) || text.reply : text.reply}</p>
}

function Foot({ message, mine }: { message: LabMessage; mine: boolean }) {
  const { lab: text } = useText()
  const format = useFormat()
  return (
    <p className="lab-quiet mt-0.5 flex items-center justify-end gap-1 text-[0.6875rem] tabular-nums">
      {message.edited && <span>{text.edited}</span>}
      <time dateTime={message.at}>{format.time(message.at)}</time>
      {mine && <Ticks state={message.state} />}
    </p>
  )
}

function Reactions({ message }: { message: LabMessage }) {
  if (message.deleted || message.reactions.length === 0) return null
  return <p className="flex gap-1">{message.reactions.map((emoji) => <span key={emoji} className="lab-tap rounded-pill! px-2 text-small">{emoji}</span>)}</p>
}

/** What the customer can do with a message; where the platform has nothing of it, there is no button. */
function Acts({ message, playing: { acts, onAct, onWrite, busy, may } }: { message: LabMessage; playing: Playing }) {
  const { lab: text } = useText()
  const mine = message.sender === 'customer'
  const changes = mine && acts.has('edit') && message.lines.length > 0
  const removes = mine && acts.has('delete')
  const reacts = !mine && acts.has('reaction')
  if (!may || message.deleted || !(changes || removes || reacts)) return null
  return (
    <Menu
      label={text.messageMenu}
      trigger={
        <button type="button" aria-label={text.messageMenu} disabled={busy} className="lab-quiet flex size-6 shrink-0 items-center justify-center rounded-control opacity-0 group-hover:opacity-100 focus-visible:opacity-100 data-[state=open]:opacity-100 pointer-coarse:size-9 pointer-coarse:opacity-100">
          <Ellipsis size={16} aria-hidden />
        </button>
      }
    >
      <MenuItem icon={<Reply size={16} aria-hidden />} onSelect={() => onWrite('answer', message)}>{text.answer}</MenuItem>
      {changes && <MenuItem icon={<Pencil size={16} aria-hidden />} onSelect={() => onWrite('change', message)}>{text.change}</MenuItem>}
      {removes && <MenuItem icon={<Trash2 size={16} aria-hidden />} onSelect={() => onAct({ kind: 'delete', message_id: message.id })}>{text.remove}</MenuItem>}
      {reacts && <MenuLine />}
      {reacts && EMOJIS.map((emoji) => <MenuItem key={emoji} icon={<SmilePlus size={16} aria-hidden />} onSelect={() => onAct({ kind: 'reaction', message_id: message.id, emoji })}>{text.react(emoji)}</MenuItem>)}
    </Menu>
  )
}
