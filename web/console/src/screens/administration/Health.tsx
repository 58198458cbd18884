/** What the server says about itself, in words. */
import { Notice, Status } from '@shopwright/ui'
import { useQuery } from '@tanstack/react-query'
import { OFFLINE, Problem, problemFrom } from '@shopwright/api'
import { Page } from '../../frame/Page'
import { Loaded } from '../../frame/problems'
import { useFormat, useText } from '../../i18n'
import type { Formats } from '../../i18n/format'

type Parts = Record<string, unknown>
const GOOD = new Set(['ok', 'up', 'healthy', 'ready', 'running', true])

async function readHealth(): Promise<Parts> {
  const answer = await fetch('/health').catch(() => {
    throw new Problem(0, OFFLINE, '')
  })
  const body: unknown = await answer.json().catch(() => null)
  // A server that is not well says so with 503, and still says what is wrong.
  if (typeof body === 'object' && body !== null && (answer.ok || answer.status === 503)) return body as Parts
  throw problemFrom(answer.status, body)
}

export function AdminHealth() {
  const { administration: { health: text }, frame } = useText()
  const health = useQuery({ queryKey: ['health'], queryFn: readHealth })
  return (
    <Page title={frame.health} about={text.about}>
      <Loaded query={health}>
        {(data) => {
          const well = GOOD.has(data['status'] as string)
          return (
            <>
              <Notice tone={well ? 'success' : 'warning'} title={well ? text.all : text.some} />
              <dl className="divide-y rounded-card border">
                {Object.entries(data).flatMap(([name, value]) => (isPart(value) && !('status' in value) ? Object.entries(value) : [[name, value] as [string, unknown]])).map(([name, value]) => (
                  <div key={name} className="flex flex-wrap items-baseline justify-between gap-x-6 gap-y-1 px-4 py-2.5">
                    <dt>{text.parts[name] ?? name}</dt>
                    <dd className="min-w-0 text-end break-words"><Value value={value} /></dd>
                  </div>
                ))}
              </dl>
            </>
          )
        }}
      </Loaded>
    </Page>
  )
}

const isPart = (value: unknown): value is Parts => typeof value === 'object' && value !== null && !Array.isArray(value)

/** `free_bytes: 4e9` becomes `free 4,000 MB`: the unit stands in the name. */
function figure(name: string, value: unknown, format: Formats): string {
  if (typeof value !== 'number') return typeof value === 'object' ? JSON.stringify(value) : String(value)
  if (name === 'ms') return format.duration(value)
  const [, plain, unit] = /^(.*)_(bytes|seconds)$/.exec(name) ?? [null, name, '']
  const shown = unit === 'bytes' ? format.bytes(value) : unit === 'seconds' ? format.duration(value * 1000) : format.number(value, 1)
  return `${(plain ?? name).replaceAll('_', ' ')} ${shown}`
}

function Value({ value }: { value: unknown }) {
  const format = useFormat()
  if (isPart(value)) {
    const { status, ...rest } = value
    const details = Object.entries(rest).map(([name, one]) => figure(name, one, format)).join(' · ')
    return <span className="flex flex-wrap justify-end gap-x-3">{details && <span className="text-small text-muted">{details}</span>}{status !== undefined && <Word value={status} />}</span>
  }
  return GOOD.has(value as string) ? <Word value={value} /> : <span className="text-muted">{String(value)}</span>
}

function Word({ value }: { value: unknown }) {
  return <Status tone={GOOD.has(value as string) ? 'success' : 'warning'}>{String(value)}</Status>
}
