import type { Schemas } from '@shopwright/api'
import { Button, Chip, Confirm, Dialog, Empty, SelectField, TextField } from '@shopwright/ui'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { Plus, Sparkles } from 'lucide-react'
import { useState } from 'react'
import { api, queries } from '../../api'
import { useGlobalProviders } from '../../data/administration'
import { Page } from '../../frame/Page'
import { Loaded } from '../../frame/problems'
import { useForm } from '../../frame/useForm'
import { useText } from '../../i18n'

type Provider = Schemas['GlobalProviderRead']
const refresh = () => queries.invalidateQueries({ queryKey: ['admin-providers'] })

export function GlobalProviders() {
  const { administration: { providers: text }, frame } = useText()
  const providers = useGlobalProviders()
  const navigate = useNavigate()
  const { new: adding } = useSearch({ strict: false }) as { new?: string }
  const show = (search: Record<string, string>) => void navigate({ to: '.', search, resetScroll: false })
  const create = <Button look="primary" icon={<Plus size={16} aria-hidden />} onClick={() => show({ new: '1' })}>{text.create}</Button>
  return (
    <Page title={frame.providers} about={text.about} actions={providers.data?.length ? create : undefined}>
      <Loaded query={providers}>
        {(all) => all.length === 0 ? <Empty icon={Sparkles} title={text.none} action={create}>{text.noneAbout}</Empty> : <ul className="divide-y rounded-card border">{all.map((one) => <li key={one.id}><Row provider={one} /></li>)}</ul>}
      </Loaded>
      <Dialog open={adding === '1'} onClose={() => show({})} title={text.create} about={text.about}><NewProvider onDone={() => show({})} /></Dialog>
    </Page>
  )
}

function Row({ provider }: { provider: Provider }) {
  const { administration: { providers: text, tenants }, settings, common } = useText()
  const [asking, setAsking] = useState(false)
  const path = { params: { path: { provider_id: provider.id } } }
  const change = useForm(async () => {
    await api.PATCH('/admin/ai-providers/{provider_id}', { ...path, body: { is_active: !provider.is_active } })
    await refresh()
  })
  const standard = useForm(async () => {
    await api.PATCH('/admin/ai-providers/{provider_id}', { ...path, body: { is_default: true } })
    await refresh()
  })
  const remove = useForm(async () => {
    await api.DELETE('/admin/ai-providers/{provider_id}', path)
    await refresh()
  })
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3">
      <span className="min-w-0 flex-1 basis-48"><span className="block truncate font-medium">{provider.name}</span><span className="block text-small text-muted">{settings.providers.kinds[provider.provider_type] ?? provider.provider_type}</span></span>
      {provider.is_default ? <Chip tone="accent">{text.standard}</Chip> : <Button small busy={standard.busy} onClick={() => void standard.submit()}>{text.makeStandard}</Button>}
      {!provider.is_active && <Chip tone="warning">{common.inactive}</Chip>}
      <Button small busy={change.busy} onClick={() => void change.submit()}>{provider.is_active ? tenants.deactivate : tenants.activate}</Button>
      <Button small className="text-danger-ink" onClick={() => setAsking(true)}>{common.remove}</Button>
      {(change.error ?? standard.error) && <p role="alert" className="w-full text-danger-ink">{change.error ?? standard.error}</p>}
      <Confirm open={asking} onClose={() => setAsking(false)} onConfirm={() => void remove.submit()} title={settings.providers.deleteTitle} about={settings.providers.deleteAbout} action={common.remove} name={provider.name} busy={remove.busy} error={remove.error} />
    </div>
  )
}

function NewProvider({ onDone }: { onDone: () => void }) {
  const { administration: { providers: text }, settings, common } = useText()
  const [given, set] = useState({ name: '', provider_type: 'openai' as Schemas['GlobalProviderCreate']['provider_type'] })
  const form = useForm(async () => {
    await api.POST('/admin/ai-providers', { body: { ...given, config: {}, is_active: true, is_default: false } })
    await refresh()
    onDone()
  }, Object.keys(given))
  return (
    <form className="flex flex-col gap-4" onSubmit={(event) => void form.submit(event)}>
      <TextField label={common.name} required maxLength={120} value={given.name} onChange={(event) => set({ ...given, name: event.target.value })} error={form.errorOf('name')} />
      <SelectField label={settings.providers.kind} value={given.provider_type} options={Object.entries(settings.providers.kinds).map(([value, label]) => ({ value, label }))} onChange={(event) => set({ ...given, provider_type: event.target.value as typeof given.provider_type })} error={form.errorOf('provider_type')} />
      {form.error && <p role="alert" className="text-danger-ink">{form.error}</p>}
      <div className="flex justify-end"><Button look="primary" type="submit" busy={form.busy}>{text.create}</Button></div>
    </form>
  )
}
