/** Whether the installation runs well: first in a sentence, then what is wrong, then part by part. */
import { Button, Notice, Status } from '@shopwright/ui'
import { useQuery } from '@tanstack/react-query'
import { RefreshCw } from 'lucide-react'
import { inWords, readHealth, type PartInWords, type Report, type State } from '../../data/health'
import { Page } from '../../frame/Page'
import { Loaded } from '../../frame/problems'
import { When } from '../../frame/When'
import { useFormat, useText } from '../../i18n'

const TONES = { ok: 'success', degraded: 'warning', down: 'danger' } as const
const EVERY_MS = 30_000

export function AdminHealth() {
  const { administration: { health: text }, frame } = useText()
  const health = useQuery({ queryKey: ['health'], queryFn: readHealth, refetchInterval: EVERY_MS })
  const again = <Button busy={health.isFetching} icon={<RefreshCw size={16} aria-hidden />} onClick={() => void health.refetch()}>{text.again}</Button>
  return (
    <Page title={frame.health} about={text.about} actions={again}>
      <Loaded query={health}>{(report) => <Health report={report} at={health.dataUpdatedAt} />}</Loaded>
    </Page>
  )
}

function Health({ report, at }: { report: Report; at: number }) {
  const { administration: { health: text } } = useText()
  const format = useFormat()
  const parts = inWords(report, text, format)
  const wrong = parts.filter(({ state }) => state !== 'ok').toSorted((one, other) => Number(other.state === 'down') - Number(one.state === 'down'))
  return (
    <>
      {wrong.length === 0 ? <Notice tone="success" title={text.all}>{text.allAbout}</Notice> : wrong.map((part) => <Wrong key={part.name} part={part} />)}
      <dl className="divide-y rounded-card border">
        {parts.map((part) => <Row key={part.name} title={part.title} is={part.is} state={part.state} />)}
      </dl>
      <p className="text-small text-muted">
        {text.version(report.version)} · {text.started} <When at={new Date(at - report.uptime_seconds * 1000).toISOString()} /> · {text.looked} <When at={new Date(at).toISOString()} />
      </p>
    </>
  )
}

function Wrong({ part }: { part: PartInWords }) {
  const { administration: { health: text } } = useText()
  return (
    <Notice tone={part.state === 'down' ? 'danger' : 'warning'} title={`${part.title}: ${text.states[part.state]}`}>
      {part.means && <p>{part.means}</p>}
      {part.todo && <p className="mt-1 font-medium">{part.todo}</p>}
    </Notice>
  )
}

function Row({ title, is, state }: { title: string; is: string; state: State }) {
  const { administration: { health: text } } = useText()
  return (
    <div className="grid grid-cols-[minmax(0,1fr)_auto] items-baseline gap-x-6 gap-y-1 px-4 py-3 md:grid-cols-[minmax(0,1fr)_minmax(0,2fr)_10rem]">
      <dt className="font-medium">{title}</dt>
      <dd className="text-muted max-md:order-last max-md:col-span-2">{is}</dd>
      <dd><Status tone={TONES[state]}>{text.states[state]}</Status></dd>
    </div>
  )
}
