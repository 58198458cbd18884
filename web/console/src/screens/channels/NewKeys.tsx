/** Keys again, in place: the address, the settings and the conversations stay. */
import { Button, Dialog, Notice, TextField } from '@shopwright/ui'
import { useState } from 'react'
import { api, queries } from '../../api'
import { connect, mayEnd, refreshDeployments, typed, useChannels, useDeployment, useStored, type ChannelForm, type Deployment } from '../../data/channels'
import { Loaded } from '../../frame/problems'
import { useForm } from '../../frame/useForm'
import { useText } from '../../i18n'
import { useClients } from '../Clients'
import { Guide, KeyFields } from './KeyFields'
import { usePlatformName } from './standing'

/** Whether the keys are those of the bot's client, which others use as well. */
export const isShared = (deployment: Deployment) => deployment.client_id !== null && Object.keys(deployment.fields).length === 0

export async function writeKeys(deployment: Deployment, fields: Record<string, string>, ends?: string): Promise<void> {
  if (isShared(deployment) && deployment.client_id && deployment.reason !== 'no_keys') {
    await api.PUT('/v1/tenant/clients/{client_id}/credentials/{channel}', { params: { path: { client_id: deployment.client_id, channel: deployment.channel } }, body: { fields } })
    void queries.invalidateQueries({ queryKey: ['credentials', deployment.client_id] })
    if (ends === undefined) return
  }
  const own = isShared(deployment) && deployment.reason !== 'no_keys' ? {} : { fields }
  const body = { ...own, ...(ends === undefined ? {} : { token_expires_at: ends ? `${ends}T00:00:00Z` : null }) }
  await api.PATCH('/v1/tenant/deployments/{deployment_id}', { params: { path: { deployment_id: deployment.id } }, body })
}

export function NewKeys({ id, onClose, onDone }: { id: string; onClose: () => void; onDone: (deployment: Deployment) => void }) {
  const { channels: text } = useText()
  const nameOf = usePlatformName()
  const deployment = useDeployment(id)
  const channels = useChannels()
  const shape = channels.data?.find(({ channel }) => channel === deployment.data?.channel)
  return (
    <Dialog open onClose={onClose} title={deployment.data ? text.newKeys(nameOf(deployment.data)) : text.changeKeys} about={text.newKeysAbout}>
      <Loaded query={deployment}>{(data) => shape && <Form deployment={data} shape={shape} onClose={onClose} onDone={onDone} />}</Loaded>
    </Dialog>
  )
}

function Form({ deployment, shape, onClose, onDone }: { deployment: Deployment; shape: ChannelForm; onClose: () => void; onDone: (deployment: Deployment) => void }) {
  const { channels: text, common, ui } = useText()
  const [given, set] = useState<Record<string, string>>({})
  const [ends, setEnds] = useState('')
  const shared = isShared(deployment)
  const stored = useStored(shared ? deployment.client_id : null)
  const clients = useClients()
  const client = clients.data?.find(({ id }) => id === deployment.client_id)
  const kept = shared ? (stored.data?.items.find(({ channel }) => channel === deployment.channel)?.fields ?? {}) : deployment.fields
  const form = useForm(async () => {
    // An end that is not said is not known: the old one must not go on warning.
    await writeKeys(deployment, typed(given), ends)
    const done = await connect(deployment.id)
    refreshDeployments()
    onDone(done)
  }, shape.fields.map((field) => field.name))
  return (
    <form className="flex flex-col gap-4" onSubmit={(event) => void form.submit(event)}>
      {shared && client && <Notice tone="info">{text.sharedKeys(client.name)}</Notice>}
      <Guide channel={shape.channel} />
      <KeyFields shape={shape} given={given} onChange={set} stored={kept} form={form} />
      {mayEnd(shape.channel) && (
        <TextField label={text.ends} type="date" optional={common.optional} hint={text.endsHint} value={ends} onChange={(event) => setEnds(event.target.value)} className="max-w-48" />
      )}
      {form.error && <p role="alert" className="text-danger-ink">{form.error}</p>}
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={onClose}>{ui.cancel}</Button>
        <Button look="primary" type="submit" busy={form.busy} disabled={Object.keys(typed(given)).length === 0}>{text.saveAndConnect}</Button>
      </div>
    </form>
  )
}
