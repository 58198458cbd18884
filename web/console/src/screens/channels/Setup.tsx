/** From a deployment to a connected one: what is being done, what is left to do by hand, and the moment it works. */
import { Button, buttonClass, Dialog, Notice } from '@shopwright/ui'
import { Check, CircleCheck, Hourglass, LoaderCircle, RefreshCw } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useBot, useMay } from '../../data/account'
import { connect, isComplete, isLocal, refreshDeployments, typed, useChannels, useDeployment, type Deployment } from '../../data/channels'
import { live } from '../../data/live'
import { PathLink } from '../../frame/PathLink'
import { Loaded } from '../../frame/problems'
import { useForm, type FormState } from '../../frame/useForm'
import { useText } from '../../i18n'
import { KeyFields } from './KeyFields'
import { ManualSteps } from './ManualSteps'
import { writeKeys } from './NewKeys'
import { Trouble, usePlatformName, type Open } from './standing'

/** Made a moment ago: it is connected without another click. */
const fresh = new Set<string>()
export const connectAtOnce = (id: string) => void fresh.add(id)

export function Setup({ id, open, onClose }: { id: string; open: Open; onClose: () => void }) {
  const { channels: text } = useText()
  const nameOf = usePlatformName()
  const deployment = useDeployment(id)
  const connecting = useForm(() => connect(id))
  useEffect(() => {
    if (fresh.delete(id)) void connecting.submit()
  }, [id, connecting])
  return (
    <Dialog open onClose={onClose} title={text.setup(deployment.data ? nameOf(deployment.data) : '')}>
      <div aria-live="polite" className="flex flex-col gap-4">
        <Loaded query={deployment}>
          {(data) => (connecting.busy ? <Progress deployment={data} /> : <State deployment={data} connecting={connecting} open={open} onClose={onClose} />)}
        </Loaded>
      </div>
    </Dialog>
  )
}

function Progress({ deployment }: { deployment: Deployment }) {
  const { channels: text } = useText()
  const name = usePlatformName()(deployment)
  return (
    <ol className="flex flex-col gap-3">
      <li className="flex gap-3"><Check size={20} aria-hidden className="shrink-0 text-success-ink" />{text.progress.save}</li>
      <li className="flex gap-3"><LoaderCircle size={20} aria-hidden className="animate-turn shrink-0 text-accent-ink" />{text.progress.check(name)}</li>
      <li className="flex gap-3 text-muted"><span aria-hidden className="flex size-5 shrink-0 items-center justify-center"><span className="size-1.5 rounded-pill bg-control" /></span>{text.progress.address}</li>
    </ol>
  )
}

function State({ deployment, connecting, open, onClose }: { deployment: Deployment; connecting: FormState; open: Open; onClose: () => void }) {
  const { channels: text } = useText()
  if (deployment.status === 'connected' || deployment.status === 'degraded') return <Done deployment={deployment} onClose={onClose} />
  if (deployment.reason === 'no_keys') return <AddressFirst deployment={deployment} />
  if (deployment.reason === 'by_hand') return <ByHand deployment={deployment} onClose={onClose} />
  return (
    <>
      {deployment.status === 'failed' && <p className="text-lead">{text.failed}</p>}
      <Trouble deployment={deployment} open={open} />
      {connecting.error && <p role="alert" className="text-danger-ink">{connecting.error}</p>}
      <Local deployment={deployment} />
      <div className="flex justify-end"><Button onClick={onClose}>{text.later}</Button></div>
    </>
  )
}

function Local({ deployment }: { deployment: Deployment }) {
  const { channels: text } = useText()
  return isLocal(deployment.webhook_url) && deployment.channel !== 'http' && deployment.channel !== 'email' ? <Notice tone="warning">{text.local}</Notice> : null
}

function Done({ deployment, onClose }: { deployment: Deployment; onClose: () => void }) {
  const { channels: text } = useText()
  const name = usePlatformName()(deployment)
  const bot = useBot(deployment.bot_id)
  return (
    <div className="animate-rise flex flex-col items-center gap-3 py-4 text-center">
      <span className="flex size-14 items-center justify-center rounded-pill bg-success-soft text-success-ink"><CircleCheck size={28} aria-hidden /></span>
      <p className="text-lead font-strong">{text.done(bot.data?.name ?? '', name)}</p>
      <p className="max-w-[44ch] text-muted">{text.doneAbout}</p>
      <div className="mt-2 flex flex-wrap justify-center gap-2">
        <PathLink to={`/conversations?bot_id=${deployment.bot_id}&channel=${deployment.channel}`} className={buttonClass('secondary')}>{text.toInbox}</PathLink>
        <Button look="primary" onClick={onClose}>{text.close}</Button>
      </div>
    </div>
  )
}

function ByHand({ deployment, onClose }: { deployment: Deployment; onClose: () => void }) {
  const { channels: text } = useText()
  const name = usePlatformName()(deployment)
  const waiting = deployment.channel === 'http' ? text.waitingHttp : deployment.channel === 'email' ? text.waitingMail : text.waiting(name)
  return (
    <>
      <h3 className="text-lead">{text.stepsLeft(name)}</h3>
      <Local deployment={deployment} />
      <ManualSteps deployment={deployment} />
      <div className="flex flex-wrap items-center gap-3 rounded-card border bg-sunk px-4 py-3">
        <Hourglass size={20} aria-hidden className="shrink-0 text-accent-ink" />
        <p role="status" className="min-w-48 flex-1 text-ink-2">{waiting}</p>
        {!live.on && <Button small icon={<RefreshCw size={16} aria-hidden />} onClick={refreshDeployments}>{text.check}</Button>}
      </div>
      <div className="flex justify-end"><Button onClick={onClose}>{text.later}</Button></div>
    </>
  )
}

/** The platform wants our address before it gives its keys: both stand on one page. */
function AddressFirst({ deployment }: { deployment: Deployment }) {
  const { channels: text } = useText()
  const name = usePlatformName()(deployment)
  const mayKeys = useMay('team')
  const channels = useChannels()
  const shape = channels.data?.find(({ channel }) => channel === deployment.channel)
  const [given, set] = useState<Record<string, string>>({})
  const form = useForm(async () => {
    await writeKeys(deployment, typed(given))
    await connect(deployment.id)
  }, shape?.fields.map((field) => field.name) ?? [])
  return (
    <>
      <h3 className="text-lead">{text.stepsLeft(name)}</h3>
      <Local deployment={deployment} />
      <ManualSteps deployment={deployment} />
      {!mayKeys && <Notice tone="warning">{text.askOwner}</Notice>}
      {shape && mayKeys && (
        <form className="flex flex-col gap-4 border-t pt-4" onSubmit={(event) => void form.submit(event)}>
          <h3 className="text-lead">{text.stepsKeys}</h3>
          <KeyFields shape={shape} given={given} onChange={set} form={form} />
          {form.error && <p role="alert" className="text-danger-ink">{form.error}</p>}
          <div className="flex justify-end"><Button look="primary" type="submit" busy={form.busy} disabled={!isComplete(shape, given)}>{text.connect}</Button></div>
        </form>
      )}
    </>
  )
}
