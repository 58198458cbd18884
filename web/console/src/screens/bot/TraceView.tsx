/** understood → found → written → checked → sent, each with what it saw and how long it took. */
import type { Schemas } from '@shopwright/api'
import { Chip, cx, Meter } from '@shopwright/ui'
import { useQuery } from '@tanstack/react-query'
import { BadgeCheck, Check, FileSearch, PenLine, Send, SpellCheck, X, type LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import { api, read } from '../../api'
import { stepTimes, type Trace, type TracePassage } from '../../data/trace'
import { Loaded } from '../../frame/problems'
import { useFormat, useText } from '../../i18n'
import { ServerText } from '../../i18n/server'

type Quote = { number?: number; title?: string; quote?: string; document_id?: string; document_version?: number; start?: number; end?: number }
export interface SpanOf {
  document_id: string
  document_version: number
  start: number
  end: number
}
interface Props {
  messageId: string
  citations: readonly Quote[]
  onOpen: (span: SpanOf) => void
}

export function TraceView({ messageId, citations, onOpen }: Props) {
  const turn = useQuery({
    queryKey: ['turn', messageId],
    staleTime: Infinity,
    queryFn: () => read(api.GET('/v1/tenant/turns/{message_id}', { params: { path: { message_id: messageId } } })),
  })
  return <Loaded query={turn}>{(data) => <Steps turn={data} citations={citations} onOpen={onOpen} />}</Loaded>
}

function Steps({ turn, citations, onOpen }: { turn: Schemas['TurnRead']; citations: readonly Quote[]; onOpen: Props['onOpen'] }) {
  const { playground: text } = useText()
  const format = useFormat()
  const trace = turn.trace as Trace
  const times = stepTimes(trace.timings_ms)
  return (
    <ol className="flex flex-col">
      <Step icon={BadgeCheck} title={text.understood} ms={times.understood}><Understood trace={trace} /></Step>
      <Step icon={FileSearch} title={text.found} ms={times.found}><Found trace={trace} onOpen={onOpen} /></Step>
      <Step icon={PenLine} title={text.written} ms={times.written}><Written turn={turn} trace={trace} /></Step>
      <Step icon={SpellCheck} title={text.checked}><Checked trace={trace} citations={citations} onOpen={onOpen} /></Step>
      <Step icon={Send} title={text.sent} last>
        <p>{text.outcomes[turn.outcome] ?? turn.outcome}</p>
        <p className="text-muted">
          {text.total}: {format.duration(turn.total_ms)}
          {' · '}
          {turn.cost_minor > 0 ? `${text.cost}: ${format.money(turn.cost_minor, turn.currency)}` : turn.prompt_tokens ? text.tokens(turn.prompt_tokens + turn.completion_tokens) : text.free}
        </p>
      </Step>
    </ol>
  )
}

function Step({ icon: Icon, title, ms, children, last }: { icon: LucideIcon; title: string; ms?: number; children: ReactNode; last?: boolean }) {
  const format = useFormat()
  return (
    <li className="relative flex gap-3 pb-6">
      {!last && <span aria-hidden className="absolute start-[15px] top-9 bottom-0 w-px bg-line-strong" />}
      <span aria-hidden className="flex size-8 shrink-0 items-center justify-center rounded-pill border bg-surface text-accent-ink"><Icon size={16} /></span>
      <div className="min-w-0 flex-1 pt-1">
        <h3 className="flex items-baseline justify-between gap-2 text-base">
          {title}
          {ms !== undefined && ms > 0 && <span className="text-small font-normal text-muted tabular-nums">{format.duration(ms)}</span>}
        </h3>
        <div className="mt-1 flex flex-col gap-2">{children}</div>
      </div>
    </li>
  )
}

function Understood({ trace }: { trace: Trace }) {
  const { playground: text } = useText()
  const format = useFormat()
  const { scope, understood } = trace
  return (
    <>
      {understood?.language && <p className="text-muted">{text.language}: {format.language(understood.language)}</p>}
      {understood?.quick && <p>{text.smallTalk}</p>}
      {scope && (
        <div>
          <p className="flex flex-wrap items-center gap-2">
            <span className="text-muted">{text.decision}</span>
            <Chip tone={scope.action === 'allow' ? 'success' : scope.action === 'refuse' ? 'danger' : 'info'}>{text.decisions[scope.action] ?? scope.action}</Chip>
          </p>
          <p className="mt-1"><ServerText text={scope.reason} /></p>
        </div>
      )}
    </>
  )
}

function Found({ trace, onOpen }: { trace: Trace; onOpen: Props['onOpen'] }) {
  const { playground: text } = useText()
  const passages = trace.found?.passages ?? []
  if (!trace.found) return <p className="text-muted">{trace.understood?.quick ? text.smallTalk : text.foundNothing}</p>
  if (passages.length === 0) return <p>{text.foundNothing}</p>
  return (
    <>
      <p className="text-muted">{text.foundAbout(passages.length, trace.found.candidates)}</p>
      <ul className="flex flex-col gap-2">
        {passages.map((passage, at) => (
          <li key={at}><Passage passage={passage} onOpen={onOpen} /></li>
        ))}
      </ul>
    </>
  )
}

export function Passage({ passage, onOpen }: { passage: TracePassage; onOpen: Props['onOpen'] }) {
  const { playground: text } = useText()
  const format = useFormat()
  return (
    <button type="button" onClick={() => onOpen(passage)} className="block w-full rounded-card border p-3 text-start hover:border-line-strong hover:bg-hover">
      <span className="flex items-baseline justify-between gap-3">
        <span className="min-w-0 truncate font-medium">{passage.title}</span>
      </span>
      <Meter value={passage.score} label={`${text.score}: ${passage.title}`} text={format.percent(passage.score)} />
      {passage.text && <span className="mt-1 line-clamp-2 text-small text-muted">{passage.text}</span>}
      <span className="mt-1 flex flex-wrap gap-x-3 text-small text-muted">
        {Object.entries(passage.signals).map(([name, value]) => (
          <span key={name}>{text.signals[name] ?? name} {format.number(value, 2)}</span>
        ))}
      </span>
    </button>
  )
}

function Written({ turn, trace }: { turn: Schemas['TurnRead']; trace: Trace }) {
  const { playground: text } = useText()
  const format = useFormat()
  return (
    <>
      <p>{turn.provider === 'embedded' ? text.quoted : text.byModel(turn.provider, turn.model)}</p>
      {trace.composed && <Meter value={trace.composed.confidence} label={text.confidence} text={`${text.confidence} ${format.percent(trace.composed.confidence)}`} />}
    </>
  )
}

function Checked({ trace, citations, onOpen }: { trace: Trace; citations: readonly Quote[]; onOpen: Props['onOpen'] }) {
  const { playground: text } = useText()
  const open = (quote: Quote) => () => {
    const { document_id, document_version, start, end } = quote
    if (document_id && document_version && start !== undefined && end !== undefined) onOpen({ document_id, document_version, start, end })
  }
  if (trace.checked?.length) {
    return (
      <ul className="flex flex-col gap-2">
        {trace.checked.map((item, at) => {
          const struck = item.verdict === 'unsupported'
          const passage = item.passage === null ? undefined : trace.found?.passages[item.passage]
          return (
            <Verdict key={at} good={!struck} label={text.verdicts[item.verdict] ?? item.verdict}>
              <span className={cx(struck && 'line-through decoration-danger-ink')}>{item.sentence}</span>
              {struck && item.reason && <span className="block text-small text-danger-ink">{text.reasons[item.reason] ?? item.reason}</span>}
              {!struck && passage && <button type="button" onClick={open(passage)} className="block text-start text-small text-accent-ink underline underline-offset-2">{passage.title}</button>}
            </Verdict>
          )
        })}
      </ul>
    )
  }
  if (citations.length === 0) return <p className="text-muted">{text.noCheck}</p>
  return (
    <ul className="flex flex-col gap-2">
      {citations.map((quote, at) => (
        <Verdict key={at} good label={text.checkedQuote}>
          {quote.quote}
          <button type="button" onClick={open(quote)} className="block text-start text-small text-accent-ink underline underline-offset-2">[{quote.number}] {quote.title}</button>
        </Verdict>
      ))}
    </ul>
  )
}

function Verdict({ good, label, children }: { good: boolean; label: string; children: ReactNode }) {
  return (
    <li className="flex gap-2">
      <span className={cx('mt-0.5 shrink-0', good ? 'text-success-ink' : 'text-danger-ink')}>
        {good ? <Check size={16} aria-label={label} /> : <X size={16} aria-label={label} />}
      </span>
      <span className="min-w-0">{children}</span>
    </li>
  )
}
