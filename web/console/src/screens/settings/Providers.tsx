/** Who writes the answers: providers with their keys. */
import type { Schemas } from '@shopwright/api'
import { Button, Chip, Confirm, Dialog, Empty, Notice, SelectField, Status, TextField, useToast, type Tone } from '@shopwright/ui'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { Pencil, Plus, Sparkles, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { IconButton } from '@shopwright/ui'
import { api, queries, read } from '../../api'
import { useMay } from '../../data/account'
import { Page } from '../../frame/Page'
import { Loaded } from '../../frame/problems'
import { useForm } from '../../frame/useForm'
import { When } from '../../frame/When'
import { useText } from '../../i18n'
import { ServerText } from '../../i18n/server'
import { useProviders } from '../bot/Answers'

type Provider = Schemas['ProviderRead']
const TONES: Record<string, Tone> = { valid: 'success', ok: 'success', invalid: 'danger', failed: 'danger' }

export function Providers() {
  const { settings: { providers: text, tabs } } = useText()
  const may = useMay('team')
  const providers = useProviders()
  const navigate = useNavigate()
  const { edit } = useSearch({ strict: false }) as { edit?: string }
  const show = (search: Record<string, string>) => void navigate({ to: '.', search, resetScroll: false })
  const create = may && <Button look="primary" icon={<Plus size={16} aria-hidden />} onClick={() => show({ edit: 'new' })}>{text.create}</Button>
  return (
    <Page title={tabs.providers} about={text.about} actions={providers.data?.length ? create : undefined}>
      <Loaded query={providers}>
        {(all) => (
          <>
            {all.length === 0 ? (
              <Empty icon={Sparkles} title={text.emptyTitle} action={create}>{text.empty}</Empty>
            ) : (
              <ul className="divide-y rounded-card border">{all.map((one) => <li key={one.id}><Row provider={one} may={may} onEdit={() => show({ edit: one.id })} /></li>)}</ul>
            )}
            {edit && may && <Edit key={edit} provider={all.find(({ id }) => id === edit)} onClose={() => show({})} />}
          </>
        )}
      </Loaded>
    </Page>
  )
}

const refresh = () => queries.invalidateQueries({ queryKey: ['providers'] })

function Row({ provider, may, onEdit }: { provider: Provider; may: boolean; onEdit: () => void }) {
  const { settings: { providers: text }, common } = useText()
  const [asking, setAsking] = useState(false)
  const [check, setCheck] = useState<Schemas['ProviderCheck'] | null>(null)
  const path = { params: { path: { provider_id: provider.id } } }
  const validate = useForm(async () => {
    setCheck(await read(api.POST('/v1/tenant/ai-providers/{provider_id}/validate', path)))
    await refresh()
  })
  const remove = useForm(async () => {
    await api.DELETE('/v1/tenant/ai-providers/{provider_id}', path)
    await refresh()
  })
  const name = provider.label || text.kinds[provider.provider_name] || provider.provider_name
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3">
      <span className="min-w-0 flex-1 basis-48">
        <span className="block truncate font-medium">{name}</span>
        <span className="block truncate text-small text-muted">{text.kinds[provider.provider_name]} · {provider.global_ai_provider_id && !provider.key_hint ? text.shared : <span className="font-mono">{provider.key_hint || '—'}</span>}{provider.base_url && ` · ${provider.base_url}`}</span>
      </span>
      {!provider.is_active && <Chip>{common.inactive}</Chip>}
      <span className="text-small"><Status tone={TONES[provider.status] ?? 'neutral'}>{provider.checked_at ? <>{TONES[provider.status] === 'success' ? text.valid : text.invalid} · <When at={provider.checked_at} /></> : text.unchecked}</Status></span>
      {may && (
        <>
          <Button small busy={validate.busy} onClick={() => void validate.submit()}>{text.validate}</Button>
          <IconButton label={`${common.edit}: ${name}`} onClick={onEdit}><Pencil size={16} aria-hidden /></IconButton>
          <IconButton label={common.removeNamed(name)} onClick={() => setAsking(true)}><Trash2 size={16} aria-hidden /></IconButton>
        </>
      )}
      <div aria-live="polite" className="w-full empty:hidden">
        {check && <Notice tone={check.valid ? 'success' : 'danger'} title={check.valid ? text.valid : text.invalid}>{check.valid ? text.models(check.models.length) : <ServerText text={check.detail} />}</Notice>}
        {validate.error && <p className="text-danger-ink">{validate.error}</p>}
      </div>
      <Confirm open={asking} onClose={() => setAsking(false)} onConfirm={() => void remove.submit()} title={text.deleteTitle} about={text.deleteAbout} action={common.remove} name={name} busy={remove.busy} error={remove.error} />
    </div>
  )
}

/** Replacing a key that bots use is asked about first: a wrong one is felt by customers. */
function Edit({ provider, onClose }: { provider: Provider | undefined; onClose: () => void }) {
  const { settings: { providers: text }, common, ui } = useText()
  const toast = useToast()
  const [given, set] = useState({ provider_name: (provider?.provider_name ?? 'openai') as Schemas['ProviderCreate']['provider_name'], label: provider?.label ?? '', api_key: '', base_url: provider?.base_url ?? '' })
  const [asking, setAsking] = useState(false)
  const form = useForm(async () => {
    setAsking(false)
    const own = { label: given.label, base_url: given.base_url || null, ...(given.api_key ? { api_key: given.api_key } : {}) }
    if (provider) await api.PATCH('/v1/tenant/ai-providers/{provider_id}', { params: { path: { provider_id: provider.id } }, body: own })
    else await api.POST('/v1/tenant/ai-providers', { body: { provider_name: given.provider_name, is_active: true, custom_settings: {}, ...own } })
    await queries.invalidateQueries({ queryKey: ['providers'] })
    toast(common.saved)
    onClose()
  }, Object.keys(given))
  return (
    <Dialog open onClose={onClose} title={provider ? `${common.edit}: ${provider.label || text.kinds[provider.provider_name]}` : text.create}>
      <form className="flex flex-col gap-4" onSubmit={(event) => { if (provider?.key_hint && given.api_key) { event.preventDefault(); setAsking(true) } else void form.submit(event) }}>
        {!provider && <SelectField label={text.kind} value={given.provider_name} options={Object.entries(text.kinds).map(([value, label]) => ({ value, label }))} onChange={(event) => set({ ...given, provider_name: event.target.value as typeof given.provider_name })} error={form.errorOf('provider_name')} />}
        <TextField label={text.label} hint={text.labelHint} maxLength={60} value={given.label} onChange={(event) => set({ ...given, label: event.target.value })} error={form.errorOf('label')} />
        <TextField label={text.key} hint={provider?.key_hint ? text.keyKeep(provider.key_hint) : text.keyHint} type="password" autoComplete="off" maxLength={4000} value={given.api_key} onChange={(event) => set({ ...given, api_key: event.target.value })} error={form.errorOf('api_key')} />
        <TextField label={text.url} hint={text.urlHint} inputMode="url" maxLength={500} value={given.base_url} onChange={(event) => set({ ...given, base_url: event.target.value })} error={form.errorOf('base_url')} />
        {form.error && <p role="alert" className="text-danger-ink">{form.error}</p>}
        <div className="flex justify-end gap-2"><Button onClick={onClose}>{ui.cancel}</Button><Button look="primary" type="submit" busy={form.busy}>{common.save}</Button></div>
      </form>
      <Confirm open={asking} onClose={() => setAsking(false)} onConfirm={() => void form.submit()} title={text.changeTitle} about={text.changeAbout} action={common.save} />
    </Dialog>
  )
}
