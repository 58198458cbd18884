/** From choosing a platform to a deployment that is ready to be connected. */
import { Button, CheckField, Dialog, Notice, SelectField, TextField } from '@shopwright/ui'
import { useState } from 'react'
import { api, queries, read } from '../../api'
import { useBots, useMay, type BotRead } from '../../data/account'
import { isComplete, mayEnd, NO_SETTINGS, refreshDeployments, storedFor, typed, useChannels, useDeployments, useStored, type ChannelForm, type Deployment, type Stored } from '../../data/channels'
import { Loaded } from '../../frame/problems'
import { useForm } from '../../frame/useForm'
import { useText } from '../../i18n'
import { useClients } from '../Clients'
import { Guide, KeyFields, StoredKeys } from './KeyFields'
import { usePlatformName } from './standing'

interface Props {
  /** The bot whose page this is; without one it is chosen first. */
  botId: string | undefined
  /** What the address says is chosen. */
  chosen: { bot: string | undefined; channel: string | undefined }
  onChoose: (chosen: { bot?: string; channel?: string }) => void
  onClose: () => void
  onMade: (deployment: Deployment) => void
}

export function AddChannel({ botId, chosen, onChoose, onClose, onMade }: Props) {
  const { channels: text } = useText()
  const bots = useBots()
  const channels = useChannels()
  const all = bots.data ?? []
  const bot = all.find(({ id }) => id === (botId ?? chosen.bot)) ?? (botId ? undefined : all[0])
  return (
    <Dialog open onClose={onClose} title={text.add} about={text.empty}>
      <Loaded query={channels}>
        {(forms) => (
          <>
            {!botId && all.length > 1 && (
              <SelectField label={text.bot} value={bot?.id ?? ''} options={all.map(({ id, name }) => ({ value: id, label: name }))} onChange={(event) => onChoose({ bot: event.target.value })} />
            )}
            {bot ? <Platform key={bot.id} bot={bot} forms={forms} channel={chosen.channel} onChoose={(channel) => onChoose({ bot: bot.id, channel })} onClose={onClose} onMade={onMade} /> : <p className="text-muted">{text.noBots}</p>}
          </>
        )}
      </Loaded>
    </Dialog>
  )
}

interface PlatformProps {
  bot: BotRead
  forms: ChannelForm[]
  channel: string | undefined
  onChoose: (channel: string) => void
  onClose: () => void
  onMade: (deployment: Deployment) => void
}

function Platform({ bot, forms, channel, onChoose, onClose, onMade }: PlatformProps) {
  const { channels: text } = useText()
  const nameOf = usePlatformName()
  const there = useDeployments(bot.id)
  const stored = useStored(bot.client_id)
  const taken = new Set((there.data ?? []).map((one) => one.channel))
  const free = forms.filter((one) => !taken.has(one.channel))
  const shape = free.find((one) => one.channel === channel)
  if (there.data && free.length === 0) return <p className="text-muted">{text.everywhere}</p>
  return (
    <>
      <SelectField
        label={text.platform} autoFocus={!shape} value={shape?.channel ?? ''} onChange={(event) => onChoose(event.target.value)}
        options={[...(shape ? [] : [{ value: '', label: text.choose }]), ...free.map((one) => ({ value: one.channel, label: nameOf(one) }))]}
      />
      {shape && (!bot.client_id || stored.data || stored.error) && (
        <Keys key={shape.channel} bot={bot} shape={shape} stored={storedFor(stored.data?.items, shape.channel)} onClose={onClose} onMade={onMade} />
      )}
    </>
  )
}

function Keys({ bot, shape, stored, onClose, onMade }: { bot: BotRead; shape: ChannelForm; stored: Stored | undefined; onClose: () => void; onMade: (deployment: Deployment) => void }) {
  const { channels: text, common, ui } = useText()
  const name = usePlatformName()(shape)
  const mayKeys = useMay('team')
  const clients = useClients()
  const client = clients.data?.find(({ id }) => id === bot.client_id)
  const [own, setOwn] = useState(false)
  const [keep, setKeep] = useState(true)
  const [given, set] = useState<Record<string, string>>({})
  const [ends, setEnds] = useState('')
  const first = shape.address_first && !stored && !own
  const entering = !first && (!stored || own)
  const form = useForm(async () => {
    const fields = typed(given)
    const shared = entering && keep && client !== undefined
    if (shared) {
      await api.PUT('/v1/tenant/clients/{client_id}/credentials/{channel}', { params: { path: { client_id: client.id, channel: shape.channel } }, body: { fields } })
      void queries.invalidateQueries({ queryKey: ['credentials', client.id] })
    }
    const body = { channel: shape.channel, settings: NO_SETTINGS, ...(entering && !shared ? { fields } : {}), ...(ends ? { token_expires_at: `${ends}T00:00:00Z` } : {}) }
    onMade(await read(api.POST('/v1/tenant/bots/{bot_id}/deployments', { params: { path: { bot_id: bot.id } }, body })))
    refreshDeployments()
  }, shape.fields.map((field) => field.name))
  if (!mayKeys && entering) return <Notice tone="warning">{text.noKeys}</Notice>
  return (
    <form className="flex flex-col gap-4" onSubmit={(event) => void form.submit(event)}>
      {first && <Notice tone="info">{text.addressFirst(name)}</Notice>}
      {(entering || first) && <Guide channel={shape.channel} />}
      {shape.address_first && !stored && mayKeys && <CheckField label={text.haveKeys} checked={own} onChange={(event) => setOwn(event.target.checked)} />}
      {stored && (
        <fieldset className="flex flex-col gap-2">
          <legend className="mb-1 font-medium">{client ? text.storedFor(client.name) : text.keys}</legend>
          {!own && <StoredKeys shape={shape} fields={stored.fields} />}
          {mayKeys && <CheckField label={text.useOthers} checked={own} onChange={(event) => setOwn(event.target.checked)} />}
        </fieldset>
      )}
      {entering && (
        <>
          <KeyFields shape={shape} given={given} onChange={set} form={form} />
          <p className="text-small text-muted">{text.keysAbout}</p>
          {client && <CheckField label={text.keepFor(client.name)} hint={text.keepForHint} checked={keep} onChange={(event) => setKeep(event.target.checked)} />}
          {mayEnd(shape.channel) && (
            <TextField label={text.ends} type="date" optional={common.optional} hint={text.endsHint} value={ends} onChange={(event) => setEnds(event.target.value)} className="max-w-48" />
          )}
        </>
      )}
      {form.error && <p role="alert" className="text-danger-ink">{form.error}</p>}
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={onClose}>{ui.cancel}</Button>
        <Button look="primary" type="submit" busy={form.busy} disabled={entering && !isComplete(shape, given)}>{first ? text.showSteps : text.connect}</Button>
      </div>
    </form>
  )
}
