/** One channel in full: how it does, its address, its keys, a test, its settings, and the way out. */
import type { Schemas } from '@shopwright/api'
import { Button, CheckField, CodeBlock, Confirm, Notice, Section, SelectField, Sheet, TextField, useToast } from '@shopwright/ui'
import { CircleCheck, CircleX, KeyRound, Power, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { api, read } from '../../api'
import { useMay } from '../../data/account'
import { hasAddress, isLocal, mayEnd, refreshDeployments, switchOn, useChannels, useDeployment, useStored, type ChannelForm, type Deployment } from '../../data/channels'
import { PathLink } from '../../frame/PathLink'
import { PlatformTile } from '../../frame/PlatformIcon'
import { Loaded } from '../../frame/problems'
import { useForm } from '../../frame/useForm'
import { When } from '../../frame/When'
import { useFormat, useText } from '../../i18n'
import { ServerText } from '../../i18n/server'
import { useClients } from '../Clients'
import { StoredKeys } from './KeyFields'
import { ManualSteps } from './ManualSteps'
import { isShared } from './NewKeys'
import { Standing, Trouble, usePlatformName, type Open } from './standing'

export function ChannelSheet({ id, open, onClose }: { id: string | undefined; open: Open; onClose: () => void }) {
  const { channels: text } = useText()
  const nameOf = usePlatformName()
  const deployment = useDeployment(id)
  return (
    <Sheet open={Boolean(id)} onClose={onClose} title={deployment.data ? nameOf(deployment.data) : text.title}>
      {id && <Loaded query={deployment}>{(data) => <Detail key={id} deployment={data} open={open} onGone={onClose} />}</Loaded>}
    </Sheet>
  )
}

function Detail({ deployment, open, onGone }: { deployment: Deployment; open: Open; onGone: () => void }) {
  const { channels: text } = useText()
  const name = usePlatformName()(deployment)
  const may = useMay('bots')
  const channels = useChannels()
  const shape = channels.data?.find(({ channel }) => channel === deployment.channel)
  return (
    <>
      <div className="flex items-center gap-3">
        <PlatformTile channel={deployment.channel} />
        <Standing deployment={deployment} />
      </div>
      <Trouble deployment={deployment} open={open} />
      <Facts deployment={deployment} />
      {hasAddress(deployment) && (
        <div className="flex flex-col gap-3">
          <CodeBlock label={text.address} text={deployment.webhook_url} />
          {isLocal(deployment.webhook_url) && deployment.channel !== 'http' && <Notice tone="warning">{text.local}</Notice>}
        </div>
      )}
      {deployment.manual_steps.length > 0 && (
        <details className="rounded-card border px-4 py-3" open={deployment.status === 'pending'}>
          <summary className="font-medium">{text.onTheirSide(name)}</summary>
          <div className="mt-4"><ManualSteps deployment={deployment} /></div>
        </details>
      )}
      <Keys deployment={deployment} shape={shape} onChange={() => open('keys', deployment)} />
      {may && <Test deployment={deployment} />}
      {may && shape && <Settings key={deployment.updated_at} deployment={deployment} shape={shape} />}
      {may && <WayOut deployment={deployment} name={name} onGone={onGone} />}
    </>
  )
}

function Facts({ deployment }: { deployment: Deployment }) {
  const { channels: text } = useText()
  const rows: [string, string | null][] = [[text.lastIn, deployment.last_inbound_at], [text.lastOut, deployment.last_outbound_at], [text.connectedOn, deployment.registered_at]]
  return (
    <Section title={text.doing}>
      <dl className="grid grid-cols-[minmax(9rem,auto)_1fr] gap-x-4 gap-y-2">
        {rows.map(([label, at]) => <div key={label} className="contents"><dt className="text-muted">{label}</dt><dd>{at ? <When at={at} /> : text.nothingYet}</dd></div>)}
        {deployment.last_error && deployment.last_error_at && (
          <div className="contents"><dt className="text-muted">{text.lastError}</dt><dd className="break-words"><When at={deployment.last_error_at} />: <ServerText text={deployment.last_error} /></dd></div>
        )}
      </dl>
      {deployment.dead_letters > 0 && (
        <p className="text-warning-ink">
          {text.stuck(deployment.dead_letters)}. <PathLink to={`/channels/letters?deployment_id=${deployment.id}`} className="underline underline-offset-2">{text.see}</PathLink>
        </p>
      )}
    </Section>
  )
}

function Keys({ deployment, shape, onChange }: { deployment: Deployment; shape: ChannelForm | undefined; onChange: () => void }) {
  const { channels: text } = useText()
  const may = useMay('team')
  const shared = isShared(deployment)
  const stored = useStored(shared ? deployment.client_id : null)
  const clients = useClients()
  const client = clients.data?.find(({ id }) => id === deployment.client_id)
  const fields = shared ? (stored.data?.items.find(({ channel }) => channel === deployment.channel)?.fields ?? {}) : deployment.fields
  return (
    <Section title={shared && client ? text.storedFor(client.name) : text.keys} about={text.keysAbout} action={may && deployment.reason !== 'no_keys' && <Button small icon={<KeyRound size={16} aria-hidden />} onClick={onChange}>{text.changeKeys}</Button>}>
      <StoredKeys shape={shape} fields={fields} />
    </Section>
  )
}

function Test({ deployment }: { deployment: Deployment }) {
  const { channels: text } = useText()
  const [probe, setProbe] = useState<Schemas['ProbeRead'] | null>(null)
  const form = useForm(async () => {
    setProbe(null)
    setProbe(await read(api.POST('/v1/tenant/deployments/{deployment_id}/probe', { params: { path: { deployment_id: deployment.id } } })))
  })
  return (
    <Section title={text.test} about={text.testAbout} action={<Button small busy={form.busy} onClick={() => void form.submit()}>{text.mend.probe}</Button>}>
      <div aria-live="polite" className="flex flex-col gap-3">
        {form.busy && <p className="text-muted">{text.testing}</p>}
        {form.error && <p role="alert" className="text-danger-ink">{form.error}</p>}
        {probe?.steps.map((step) => (
          <div key={step.name} className="flex gap-3">
            {step.ok ? <CircleCheck size={20} aria-hidden className="shrink-0 text-success-ink" /> : <CircleX size={20} aria-hidden className="shrink-0 text-danger-ink" />}
            <div className="min-w-0">
              <p>{text.probe[step.name]?.[step.ok ? 'ok' : 'bad'] ?? step.detail}</p>
              {!step.ok && <p className="text-small break-words text-muted">{text.said} <ServerText text={step.detail} /></p>}
            </div>
          </div>
        ))}
      </div>
    </Section>
  )
}

interface Given {
  template: string
  takesText: boolean
  silence: string
  ends: string
}

function Settings({ deployment, shape }: { deployment: Deployment; shape: ChannelForm }) {
  const { channels: text, common } = useText()
  const format = useFormat()
  const toast = useToast()
  const kept = deployment.settings as Partial<Schemas['DeploymentSettings']>
  const [given, set] = useState<Given>({
    template: kept.template ?? '', takesText: kept.template_takes_text ?? false, silence: String(kept.silence_hours ?? ''), ends: deployment.token_expires_at?.slice(0, 10) ?? '',
  })
  const form = useForm(async () => {
    const settings = { template: given.template.trim(), template_takes_text: given.takesText, silence_hours: given.silence ? Number(given.silence) : null }
    const body = { settings, token_expires_at: given.ends ? `${given.ends}T00:00:00Z` : null }
    await api.PATCH('/v1/tenant/deployments/{deployment_id}', { params: { path: { deployment_id: deployment.id } }, body })
    refreshDeployments()
    toast(common.saved)
  }, ['template', 'silence_hours', 'token_expires_at'])
  const silences = { ...text.silences, ...(given.silence && !(given.silence in text.silences) ? { [given.silence]: text.hours(Number(given.silence)) } : {}) }
  return (
    <Section title={text.settings}>
      <form className="flex flex-col gap-4" onSubmit={(event) => void form.submit(event)}>
        {shape.templates && (
          <>
            <TextField label={text.template} hint={text.templateHint(format.number(shape.window_hours ?? 24))} maxLength={120} value={given.template} error={form.errorOf('template')} onChange={(event) => set({ ...given, template: event.target.value })} />
            <CheckField label={text.templateTakesText} checked={given.takesText} disabled={!given.template.trim()} onChange={(event) => set({ ...given, takesText: event.target.checked })} />
          </>
        )}
        <SelectField
          label={text.silence} value={given.silence} error={form.errorOf('silence_hours')} onChange={(event) => set({ ...given, silence: event.target.value })}
          options={Object.entries(silences).map(([value, label]) => ({ value, label })).toSorted((a, b) => Number(a.value) - Number(b.value))}
        />
        {mayEnd(shape.channel) && (
          <TextField label={text.ends} type="date" hint={text.endsHint} value={given.ends} error={form.errorOf('token_expires_at')} onChange={(event) => set({ ...given, ends: event.target.value })} className="max-w-48" />
        )}
        {form.error && <p role="alert" className="text-danger-ink">{form.error}</p>}
        <div className="flex justify-end"><Button type="submit" busy={form.busy}>{common.save}</Button></div>
      </form>
    </Section>
  )
}

function WayOut({ deployment, name, onGone }: { deployment: Deployment; name: string; onGone: () => void }) {
  const { channels: text } = useText()
  const toast = useToast()
  const [asking, setAsking] = useState<'off' | 'remove' | null>(null)
  const path = { deployment_id: deployment.id }
  const off = deployment.status === 'disabled'
  const turn = useForm(async () => {
    if (off) await switchOn(deployment.id)
    else await api.POST('/v1/tenant/deployments/{deployment_id}/disable', { params: { path } })
    setAsking(null)
    refreshDeployments()
    toast(off ? text.on : text.off)
  })
  const remove = useForm(async () => {
    await api.DELETE('/v1/tenant/deployments/{deployment_id}', { params: { path } })
    onGone()
    refreshDeployments()
    toast(text.removed(name))
  })
  return (
    <div className="flex flex-wrap gap-2 border-t pt-5">
      <Button icon={<Power size={16} aria-hidden />} busy={turn.busy && asking === null} onClick={() => (off ? void turn.submit() : setAsking('off'))}>{off ? text.mend.on : text.offButton}</Button>
      <Button className="text-danger-ink" icon={<Trash2 size={16} aria-hidden />} onClick={() => setAsking('remove')}>{text.removeButton}</Button>
      {off && turn.error && <p role="alert" className="w-full text-danger-ink">{turn.error}</p>}
      <Confirm open={asking === 'off'} onClose={() => setAsking(null)} onConfirm={() => void turn.submit()} title={text.offTitle} about={text.offAbout} action={text.offButton} busy={turn.busy} error={turn.error} />
      <Confirm open={asking === 'remove'} onClose={() => setAsking(null)} onConfirm={() => void remove.submit()} title={text.removeTitle} about={text.removeAbout} action={text.removeButton} name={name} busy={remove.busy} error={remove.error} />
    </div>
  )
}
