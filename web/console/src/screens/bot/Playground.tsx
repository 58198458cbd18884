/** Chat on the left, the trace of the chosen answer on the right. */
import { Button, buttonClass, Chip, cx, Dialog, Empty, IconButton, MarkdownText, Sheet } from '@shopwright/ui'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { Bot as BotIcon, CircleAlert, MessageCircleQuestion, RotateCcw, SendHorizontal, Square } from 'lucide-react'
import { useEffect, useRef, useState, type KeyboardEvent, type ReactNode } from 'react'
import { useChat, type Citation, type Turn } from '../../data/chat'
import { PageTitle } from '../../frame/Page'
import { useSentence } from '../../frame/problems'
import { useText } from '../../i18n'
import { useBot } from '../../data/account'
import { DocumentSheet } from '../knowledge/DocumentSheet'
import { useBotId } from './BotFrame'
import { TraceView, type SpanOf } from './TraceView'

export function Playground() {
  const botId = useBotId()
  return <ChatAndTrace key={botId} botId={botId} />
}

function ChatAndTrace({ botId }: { botId: string }) {
  const text = useText()
  const chat = useChat(botId)
  const navigate = useNavigate()
  const search = useSearch({ strict: false }) as { document?: string; version?: string; start?: string; end?: string; q?: string }
  const [chosen, choose] = useState<string | null>(null)
  const [phoneTrace, setPhoneTrace] = useState(false)
  const shown = chat.turns.find(({ id }) => id === chosen) ?? chat.turns.findLast(({ answer }) => answer !== null)
  const open = (span: SpanOf) =>
    void navigate({ to: '.', search: { document: span.document_id, version: String(span.document_version), start: String(span.start), end: String(span.end) }, resetScroll: false })
  const trace = shown?.answer ? (
    <TraceView key={shown.id} messageId={shown.answer.message_id} citations={shown.answer.citations} onOpen={open} />
  ) : (
    <p className="text-muted">{text.playground.traceEmpty}</p>
  )
  return (
    <div className="grid h-[calc(100dvh-101px)] min-h-96 max-md:h-[calc(100dvh-161px-env(safe-area-inset-bottom))] lg:grid-cols-[minmax(0,1fr)_minmax(340px,440px)]">
      <title>{`${text.playground.title} · Shopwright`}</title>
      <PageTitle quiet>{text.playground.title}</PageTitle>
      <Conversation
        botId={botId}
        chat={chat}
        first={search.q}
        shown={shown?.id}
        onChoose={(id) => {
          choose(id)
          setPhoneTrace(true)
        }}
        onOpen={open}
      />
      <section aria-label={text.playground.trace} tabIndex={0} className="overflow-y-auto border-s bg-rail px-5 py-5 max-lg:hidden">
        <h2 className="mb-4 text-lead">{text.playground.trace}</h2>
        {trace}
      </section>
      <PhoneSheet open={phoneTrace} onClose={() => setPhoneTrace(false)}>{trace}</PhoneSheet>
      <DocumentSheet
        {...search}
        onClose={() => void navigate({ to: '.', search: {}, resetScroll: false })}
      />
    </div>
  )
}

function PhoneSheet({ open, onClose, children }: { open: boolean; onClose: () => void; children: ReactNode }) {
  const { playground } = useText()
  const narrow = !matchMedia('(min-width: 64rem)').matches
  return (
    <Sheet open={open && narrow} onClose={onClose} title={playground.trace}>
      <div>{children}</div>
    </Sheet>
  )
}

interface ConversationProps {
  botId: string
  chat: ReturnType<typeof useChat>
  first: string | undefined
  shown: string | undefined
  onChoose: (id: string) => void
  onOpen: (span: SpanOf) => void
}

export function Conversation({ botId, chat, first, shown, onChoose, onOpen }: ConversationProps) {
  const { playground: text } = useText()
  const bot = useBot(botId)
  const [typed, setTyped] = useState(first ?? '')
  const [wrong, setWrong] = useState<Turn | null>(null)
  const end = useRef<HTMLDivElement>(null)
  const last = chat.turns.at(-1)
  useEffect(() => void end.current?.scrollIntoView({ block: 'end' }), [chat.turns.length, last?.text, last?.step])
  const ask = (question: string) => {
    const asked = question.trim()
    if (!asked || chat.busy) return
    setTyped('')
    void chat.ask(asked)
  }
  const suggestions = (bot.data?.settings as { suggestions?: string[] } | undefined)?.suggestions
  const samples = suggestions?.length ? suggestions : text.samples
  return (
    <section aria-label={text.title} className="flex h-full min-h-0 flex-col">
      <div className="min-h-0 flex-1 overflow-y-auto px-4 py-5 md:px-8" tabIndex={0} role="log" aria-label={text.title}>
        <div className="mx-auto flex max-w-2xl flex-col gap-6">
          {chat.turns.length === 0 && (
            <Empty
              icon={MessageCircleQuestion}
              title={text.firstTitle}
              action={samples.map((sample) => <Button key={sample} onClick={() => ask(sample)} className="max-w-full whitespace-normal!">{sample}</Button>)}
            >
              {text.first}
            </Empty>
          )}
          {chat.turns.map((turn) => (
            <OneTurn key={turn.id} turn={turn} active={turn.id === shown} onChoose={() => onChoose(turn.id)} onOpen={onOpen} onWrong={() => setWrong(turn)} onRetry={() => ask(turn.question)} />
          ))}
          <div ref={end} />
        </div>
      </div>
      <form
        className="border-t bg-page px-4 py-3 md:px-8"
        onSubmit={(event) => {
          event.preventDefault()
          ask(typed)
        }}
      >
        <div className="mx-auto flex max-w-2xl items-end gap-2">
          <IconButton label={text.restart} onClick={chat.clear} disabled={chat.turns.length === 0}><RotateCcw size={20} aria-hidden /></IconButton>
          <label className="sr-only" htmlFor="question">{text.placeholder}</label>
          <textarea
            id="question"
            rows={1}
            value={typed}
            maxLength={8000}
            placeholder={text.placeholder}
            onChange={(event) => setTyped(event.target.value)}
            onKeyDown={(event: KeyboardEvent) => {
              if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return
              event.preventDefault()
              ask(typed)
            }}
            className="field-sizing-content max-h-40 min-h-9 min-w-0 flex-1 resize-none rounded-control border border-control bg-surface px-3 py-1.5 pointer-coarse:min-h-11 pointer-coarse:py-2.5 pointer-coarse:text-lead"
          />
          {chat.busy ? (
            <Button onClick={chat.stop} icon={<Square size={16} aria-hidden />}>{text.stop}</Button>
          ) : (
            <Button look="primary" type="submit" disabled={!typed.trim()} icon={<SendHorizontal size={16} aria-hidden className="rtl:rotate-180" />}><span className="max-sm:sr-only">{text.send}</span></Button>
          )}
        </div>
      </form>
      <Mend turn={wrong} onClose={() => setWrong(null)} onOpen={onOpen} onAgain={(question) => ask(question)} botId={botId} />
    </section>
  )
}

export const OUTCOME_TONES = { answered: 'success', declined: 'warning', refused: 'danger', handoff: 'info' } as const

function OneTurn({ turn, active, onChoose, onOpen, onWrong, onRetry }: { turn: Turn; active: boolean; onChoose: () => void; onOpen: (span: SpanOf) => void; onWrong: () => void; onRetry: () => void }) {
  const text = useText()
  const say = useSentence()
  const { answer } = turn
  return (
    <article className="flex flex-col gap-4">
      <p className="ms-auto max-w-[85%] rounded-card bg-accent-soft px-4 py-2.5 whitespace-pre-wrap break-words">
        <span className="sr-only">{text.playground.you}: </span>
        {turn.question}
      </p>
      <div className="flex gap-3">
        <span aria-hidden className="flex size-8 shrink-0 items-center justify-center rounded-pill bg-accent-soft text-accent-ink"><BotIcon size={16} /></span>
        <div className={cx('min-w-0 flex-1 rounded-card border px-4 py-3', active ? 'border-accent-line' : 'border-line')}>
          {turn.error ? (
            <div role="alert" className="flex flex-wrap items-center gap-3 text-danger-ink">
              <CircleAlert size={16} aria-hidden />
              <span className="flex-1">{text.playground.failed} {say(turn.error)}</span>
              <Button small onClick={onRetry}>{text.common.retry}</Button>
            </div>
          ) : turn.text ? (
            <MarkdownText text={turn.text} citation={(number) => <Mark number={number} citations={answer?.citations ?? []} onOpen={onOpen} />} />
          ) : (
            <p role="status" className="animate-wait text-muted">{(turn.step && text.playground.steps[turn.step]) || text.playground.thinking}</p>
          )}
          {answer && (
            <footer className="mt-3 flex flex-wrap items-center gap-x-3 gap-y-2 border-t pt-2">
              <Chip tone={OUTCOME_TONES[answer.outcome]}>{text.playground.outcomes[answer.outcome]}</Chip>
              <button type="button" onClick={onChoose} aria-pressed={active} className="min-h-6 text-small text-accent-ink underline underline-offset-2">{text.playground.traceShow}</button>
              <button type="button" onClick={onWrong} className="min-h-6 text-small text-muted underline underline-offset-2">{text.playground.wrong}</button>
            </footer>
          )}
        </div>
      </div>
    </article>
  )
}

export function Mark({ number, citations, onOpen }: { number: number; citations: readonly Citation[]; onOpen: (span: SpanOf) => void }) {
  const { playground } = useText()
  const citation = citations.find((one) => one.number === number)
  if (!citation) return <>[{number}]</>
  return (
    <button
      type="button"
      onClick={() => onOpen(citation)}
      title={citation.title}
      aria-label={playground.citation(number, citation.title)}
      className="mx-0.5 inline-flex size-6 items-center justify-center rounded-pill bg-accent-soft align-middle text-small font-medium text-accent-ink hover:bg-accent hover:text-on-accent"
    >
      {number}
    </button>
  )
}

/** "This answer is wrong" leads to the documents that said so. */
function Mend({ turn, botId, onClose, onOpen, onAgain }: { turn: Turn | null; botId: string; onClose: () => void; onOpen: (span: SpanOf) => void; onAgain: (question: string) => void }) {
  const { playground: text } = useText()
  const citations = turn?.answer?.citations ?? []
  return (
    <Dialog
      open={turn !== null}
      onClose={onClose}
      title={text.wrongTitle}
      about={citations.length ? text.wrongAbout : text.wrongNone}
      footer={
        <>
          <Link to="/bots/$botId/knowledge" params={{ botId }} className={buttonClass('secondary')}>{text.wrongAdd}</Link>
          <Button look="primary" onClick={() => { onClose(); onAgain(turn?.question ?? '') }}>{text.askAgain}</Button>
        </>
      }
    >
      {citations.map((citation) => (
        <button key={citation.number} type="button" onClick={() => { onClose(); onOpen(citation) }} className="rounded-card border p-3 text-start hover:bg-hover">
          <span className="block font-medium">[{citation.number}] {citation.title}</span>
          <span className="block text-muted">{citation.quote}</span>
        </button>
      ))}
    </Dialog>
  )
}
