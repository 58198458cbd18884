/** What went between the platform and us, and what the platform's documentation does not allow. */
import { Chip, cx, Section, Sheet } from '@shopwright/ui'
import { ArrowDownLeft, ArrowUpRight, CircleCheck } from 'lucide-react'
import { useLabThread, type LabThread, type Place } from '../../data/lab'
import { Loaded } from '../../frame/problems'
import { useFormat, useText } from '../../i18n'
import { usePlatformName } from '../channels/standing'

export function Wire({ place, onClose }: { place: Place | undefined; onClose: () => void }) {
  const { lab: text } = useText()
  const nameOf = usePlatformName()
  return (
    <Sheet open={Boolean(place)} onClose={onClose} title={text.wire} about={place && text.wireAbout(nameOf(place))}>
      {place && <Content key={place.channel} place={place} />}
    </Sheet>
  )
}

function Content({ place }: { place: Place }) {
  const thread = useLabThread(place.deployment.id)
  return (
    <Loaded query={thread}>
      {(data) => (
        <>
          <Violations thread={data} />
          <Calls thread={data} />
        </>
      )}
    </Loaded>
  )
}

function Violations({ thread: { violations } }: { thread: LabThread }) {
  const { lab: text } = useText()
  const format = useFormat()
  return (
    <Section title={text.violations}>
      {violations.length === 0 ? (
        <p className="flex items-center gap-2 text-success-ink"><CircleCheck size={20} aria-hidden />{text.noViolations}</p>
      ) : (
        <ul className="divide-y rounded-card border">
          {violations.toReversed().map((one, at) => (
            <li key={at} className="px-4 py-3">
              <p className="break-words text-danger-ink">{one.problem}</p>
              <p className="text-small text-muted"><span className="font-mono">{one.call}</span> · {format.time(one.at)}</p>
            </li>
          ))}
        </ul>
      )}
    </Section>
  )
}

const toneOf = (status: number | null) => (status !== null && status < 300 ? 'success' : status !== null && status < 500 ? 'warning' : 'danger')

function Calls({ thread: { calls } }: { thread: LabThread }) {
  const { lab: text } = useText()
  const format = useFormat()
  return (
    <Section title={text.calls}>
      {calls.length === 0 ? (
        <p className="text-muted">{text.noCalls}</p>
      ) : (
        <div className="relative overflow-x-auto" tabIndex={0} role="region" aria-label={text.calls}>
          <table className="w-full text-small">
            <thead>
              <tr className="border-b text-start text-muted">
                {[text.direction, text.call, text.answered, text.took, text.time].map((name) => (
                  <th key={name} scope="col" className={cx('py-1.5 pe-3 text-start font-normal', name === text.took && 'max-sm:hidden')}><span className={name === text.direction ? 'max-sm:sr-only' : ''}>{name}</span></th>
                ))}
              </tr>
            </thead>
            <tbody className="divide-y">
              {calls.toReversed().map((call, at) => {
                const Way = call.direction === 'in' ? ArrowDownLeft : ArrowUpRight
                return (
                  <tr key={at}>
                    <td className="py-1.5 pe-3 whitespace-nowrap"><span className="inline-flex items-center gap-1"><Way size={16} aria-hidden className="text-muted" /><span className="max-sm:sr-only">{text[call.direction]}</span></span></td>
                    <td className="py-1.5 pe-3 font-mono break-all">{call.call}</td>
                    <td className="py-1.5 pe-3"><Chip tone={toneOf(call.status)}>{call.status ?? text.noAnswer}</Chip></td>
                    <td className="py-1.5 pe-3 whitespace-nowrap tabular-nums max-sm:hidden">{format.duration(call.ms)}</td>
                    <td className="py-1.5 whitespace-nowrap tabular-nums text-muted">{format.time(call.at)}</td>
                  </tr>
                )
              })}
            </tbody>
          </table>
        </div>
      )}
    </Section>
  )
}
