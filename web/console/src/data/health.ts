/** What the server says about itself, in words: how it is, what that means, what to do. */
import { OFFLINE, Problem, problemFrom } from '@shopwright/api'
import type { Formats } from '../i18n/format'
import type { Catalogue } from '../i18n/en'

type Text = Catalogue['administration']['health']
export type State = 'ok' | 'degraded' | 'down'
type Figures = Record<string, string | number | undefined>

export interface Report {
  status: State
  version: string
  uptime_seconds: number
  checks: Record<string, Figures & { status: State }>
}

export interface PartInWords {
  name: string
  title: string
  state: State
  /** How it is, in a sentence. */
  is: string
  /** Of a part that is not well. */
  means: string
  todo: string
}

export async function readHealth(): Promise<Report> {
  const answer = await fetch('/health').catch(() => {
    throw new Problem(0, OFFLINE, '')
  })
  const body: unknown = await answer.json().catch(() => null)
  // A server that is not well says so with 503, and still says what is wrong.
  if (isReport(body) && (answer.ok || answer.status === 503)) return body
  throw problemFrom(answer.status, body)
}

const isReport = (body: unknown): body is Report => typeof body === 'object' && body !== null && 'checks' in body

export function inWords(report: Report, text: Text, format: Formats): PartInWords[] {
  return Object.entries(report.checks).map(([name, figures]) => {
    const { status, error } = figures
    const known = text.parts[name]
    const well = SENTENCES[name]?.(figures, text, format) ?? ''
    const sick = status === 'ok' ? undefined : status === 'down' ? known?.down : known?.degraded
    // A check that found no answer in time has no figures to speak of.
    const is = error === undefined ? well : error === 'TimeoutError' ? text.late : text.noAnswer
    return { name, title: known?.title ?? name, state: status, is, means: sick?.means ?? '', todo: sick?.todo ?? (sick || status === 'ok' ? '' : text.lookInLog) }
  })
}

const number = (value: string | number | undefined) => Number(value ?? 0)

const SENTENCES: Record<string, (figures: Figures, text: Text, format: Formats) => string> = {
  database: ({ version, ms }, text, format) => text.database(String(version ?? ''), format.duration(number(ms))),
  models: ({ embedding, ms }, text, format) => text.models(String(embedding ?? '').replace(/^local:/, '').replace(/:\d+$/, ''), format.duration(number(ms))),
  queue: ({ waiting, failed, oldest_seconds }, text, format) =>
    [number(waiting) ? text.waiting(number(waiting), format.period(number(oldest_seconds))) : text.nothingWaits, number(failed) ? text.failed(number(failed)) : ''].filter(Boolean).join(' '),
  disk: ({ free_bytes }, text, format) => text.disk(format.bytes(number(free_bytes))),
  memory: ({ process_bytes, available_bytes }, text, format) => text.memory(format.bytes(number(process_bytes)), format.bytes(number(available_bytes))),
  bots: ({ count }, text) => text.bots(number(count)),
}
