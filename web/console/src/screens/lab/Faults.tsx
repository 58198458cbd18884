/** What goes wrong on purpose. */
import { Button, Section, SelectField, Sheet, Switch, TextField, useToast } from '@shopwright/ui'
import { useState } from 'react'
import { coming, FAULTS, lasts, newFault, plan, useLabThread, type Fault, type Place } from '../../data/lab'
import { Loaded } from '../../frame/problems'
import { useForm } from '../../frame/useForm'
import { useText } from '../../i18n'
import { usePlatformName } from '../channels/standing'

const COUNTS = [1, 2, 5, 20] as const

export function Faults({ place, shown, onClose }: { place: Place | undefined; shown: readonly Place[]; onClose: () => void }) {
  const { lab: text } = useText()
  const nameOf = usePlatformName()
  return (
    <Sheet open={Boolean(place)} onClose={onClose} title={text.faults} about={place && text.faultsAbout(nameOf(place))}>
      {place && <Content key={place.channel} place={place} shown={shown} />}
    </Sheet>
  )
}

function Content({ place, shown }: { place: Place; shown: readonly Place[] }) {
  const thread = useLabThread(place.deployment.id)
  return <Loaded query={thread}>{({ faults }) => <Plan place={place} shown={shown} now={coming(faults)} />}</Loaded>
}

function Plan({ place, shown, now }: { place: Place; shown: readonly Place[]; now: Fault[] }) {
  const { lab: text } = useText()
  const toast = useToast()
  const [given, set] = useState(now)
  const use = (places: readonly Place[], faults: Fault[], said: string) => async () => {
    await Promise.all(places.map(({ deployment }) => plan(deployment.id, faults)))
    set(faults)
    toast(said)
  }
  const here = useForm(use([place], given, text.applied))
  const all = useForm(use(shown, given, text.applied))
  const none = useForm(use([place], [], text.cleared))
  const error = here.error ?? all.error ?? none.error
  const change = (kind: Fault['kind'], next: Fault | null) => set([...given.filter((one) => one.kind !== kind), ...(next ? [next] : [])])
  return (
    <form className="flex flex-col gap-6" onSubmit={(event) => void here.submit(event)}>
      {(['webhooks', 'calls'] as const).map((side) => (
        <Section key={side} title={side === 'webhooks' ? text.onWebhooks : text.onCalls}>
          <ul className="divide-y rounded-card border">
            {FAULTS[side].map((kind) => <li key={kind} className="px-4 py-3"><One kind={kind} fault={given.find((one) => one.kind === kind)} onChange={(next) => change(kind, next)} /></li>)}
          </ul>
        </Section>
      ))}
      {error && <p role="alert" className="text-danger-ink">{error}</p>}
      <div className="flex flex-wrap justify-end gap-2">
        {now.length > 0 && <Button busy={none.busy} onClick={() => void none.submit()}>{text.clearFaults}</Button>}
        {shown.length > 1 && <Button busy={all.busy} onClick={() => void all.submit()}>{text.applyAll}</Button>}
        <Button look="primary" type="submit" busy={here.busy}>{text.apply}</Button>
      </div>
    </form>
  )
}

function One({ kind, fault, onChange }: { kind: Fault['kind']; fault: Fault | undefined; onChange: (next: Fault | null) => void }) {
  const { lab: text } = useText()
  const words = text.kinds[kind]
  const rates = { ...text.rates, ...(fault && !(String(fault.rate) in text.rates) ? { [String(fault.rate)]: String(fault.rate) } : {}) }
  return (
    <div className="flex flex-col gap-3">
      <Switch label={words.label} hint={words.hint} checked={fault !== undefined} onChange={(on) => onChange(on ? newFault(kind, Math.floor(Math.random() * 1000)) : null)} />
      {fault && (
        <div className="grid grid-cols-2 gap-3">
          <SelectField label={text.rate} value={String(fault.rate)} options={Object.entries(rates).map(([value, label]) => ({ value, label })).toSorted((a, b) => Number(b.value) - Number(a.value))} onChange={(event) => onChange({ ...fault, rate: Number(event.target.value) })} />
          <SelectField
            label={text.times} value={fault.count === null ? '' : String(fault.count)} onChange={(event) => onChange({ ...fault, count: event.target.value ? Number(event.target.value) : null })}
            options={[{ value: '', label: text.everyTime }, ...[...new Set([...COUNTS, ...(fault.count === null ? [] : [fault.count])])].toSorted((a, b) => a - b).map((n) => ({ value: String(n), label: text.counts(n) }))]}
          />
          {lasts(kind) && <TextField label={text.seconds} type="number" min={0} max={60} value={fault.seconds} onChange={(event) => onChange({ ...fault, seconds: Number(event.target.value) })} />}
          {fault.rate < 1 && <TextField label={text.seed} hint={text.seedHint} type="number" min={0} max={2147483647} value={fault.seed} onChange={(event) => onChange({ ...fault, seed: Number(event.target.value) })} />}
        </div>
      )}
    </div>
  )
}
