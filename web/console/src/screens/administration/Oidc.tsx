import type { Schemas } from '@shopwright/api'
import { Button, CheckField, Chip, CodeBlock, Confirm, Dialog, Empty, TextArea, TextField, useToast } from '@shopwright/ui'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { LogIn, Plus } from 'lucide-react'
import { useState } from 'react'
import { api, queries, read } from '../../api'
import { Page } from '../../frame/Page'
import { Loaded } from '../../frame/problems'
import { useForm } from '../../frame/useForm'
import { useText } from '../../i18n'

type OidcProvider = Schemas['OidcProviderRead']

const NAME = ['oidc-providers']
const refresh = () => queries.invalidateQueries({ queryKey: NAME })

export function Oidc() {
  const { administration: { oidc: text }, frame } = useText()
  const providers = useQuery({ queryKey: NAME, retry: false, queryFn: () => read(api.GET('/admin/oidc-providers')) })
  const navigate = useNavigate()
  const { edit } = useSearch({ strict: false }) as { edit?: string }
  const show = (search: Record<string, string>) => void navigate({ to: '.', search, resetScroll: false })
  const create = <Button look="primary" icon={<Plus size={16} aria-hidden />} onClick={() => show({ edit: 'new' })}>{text.create}</Button>
  return (
    <Page title={frame.signInProviders} about={text.about} actions={providers.data?.items.length ? create : undefined}>
      <Loaded query={providers}>
        {({ items }) => (
          <>
            {items.length === 0 ? <Empty icon={LogIn} title={text.none} action={create}>{text.noneAbout}</Empty> : <ul className="divide-y rounded-card border">{items.map((one) => <li key={one.id}><Row provider={one} onEdit={() => show({ edit: one.id })} /></li>)}</ul>}
            {edit && <Edit key={edit} provider={items.find(({ id }) => id === edit)} onClose={() => show({})} />}
          </>
        )}
      </Loaded>
    </Page>
  )
}

function Row({ provider, onEdit }: { provider: OidcProvider; onEdit: () => void }) {
  const { administration: { oidc: text }, common } = useText()
  const [asking, setAsking] = useState(false)
  const remove = useForm(async () => {
    await api.DELETE('/admin/oidc-providers/{oidc_provider_id}', { params: { path: { oidc_provider_id: provider.id } } })
    await refresh()
  })
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3">
      <span className="min-w-0 flex-1 basis-48"><span className="block truncate font-medium">{provider.name}</span><span className="block truncate text-small text-muted">{provider.issuer}</span></span>
      {!provider.is_active && <Chip tone="warning">{common.inactive}</Chip>}
      <Button small onClick={onEdit}>{common.edit}</Button>
      <Button small className="text-danger-ink" onClick={() => setAsking(true)}>{common.remove}</Button>
      <Confirm open={asking} onClose={() => setAsking(false)} onConfirm={() => void remove.submit()} title={text.deleteTitle} about={text.deleteAbout} action={common.remove} name={provider.name} busy={remove.busy} error={remove.error} />
    </div>
  )
}

function Edit({ provider, onClose }: { provider: OidcProvider | undefined; onClose: () => void }) {
  const { administration: { oidc: text }, common } = useText()
  const toast = useToast()
  const [given, set] = useState({ slug: provider?.slug ?? '', name: provider?.name ?? '', issuer: provider?.issuer ?? '', client_id: provider?.client_id ?? '', client_secret: '', domains: (provider?.trusted_email_domains ?? []).join('\n'), is_active: provider?.is_active ?? true, allow_sign_up: provider?.allow_sign_up ?? false })
  const form = useForm(async () => {
    const { client_secret, slug, domains, ...plain } = given
    const secret = client_secret ? { client_secret } : {}
    const rest = { ...plain, trusted_email_domains: domains.split(/[\s,]+/).filter(Boolean) }
    if (provider) await api.PATCH('/admin/oidc-providers/{oidc_provider_id}', { params: { path: { oidc_provider_id: provider.id } }, body: { ...rest, ...secret } })
    else await api.POST('/admin/oidc-providers', { body: { slug, ...rest, ...secret, scopes: 'openid email profile' } })
    await refresh()
    toast(common.saved)
    onClose()
  }, [...Object.keys(given), 'trusted_email_domains'])
  const field = (name: 'slug' | 'name' | 'issuer' | 'client_id' | 'client_secret') => ({ value: given[name], maxLength: 500, error: form.errorOf(name), onChange: (event: { target: { value: string } }) => set({ ...given, [name]: event.target.value }) })
  return (
    <Dialog open onClose={onClose} title={provider?.name ?? text.create}>
      <form className="flex flex-col gap-4" onSubmit={(event) => void form.submit(event)}>
        <TextField label={common.name} required {...field('name')} />
        <TextField label={text.slug} required disabled={Boolean(provider)} {...field('slug')} />
        <TextField label={text.issuer} hint={text.issuerHint} inputMode="url" required {...field('issuer')} />
        <TextField label={text.clientId} required {...field('client_id')} />
        <TextField label={text.secret} type="password" autoComplete="off" {...(provider ? { hint: text.secretKeep } : {})} {...field('client_secret')} />
        {given.slug && <CodeBlock label={text.callback} text={provider?.redirect_uri ?? `${location.origin}/v1/auth/oidc/${given.slug}/callback`} />}
        <TextArea label={text.domains} hint={text.domainsHint} rows={2} value={given.domains} onChange={(event) => set({ ...given, domains: event.target.value })} error={form.errorOf('trusted_email_domains')} />
        <CheckField label={common.active} checked={given.is_active} onChange={(event) => set({ ...given, is_active: event.target.checked })} />
        <CheckField label={text.signUp} checked={given.allow_sign_up} onChange={(event) => set({ ...given, allow_sign_up: event.target.checked })} />
        {form.error && <p role="alert" className="text-danger-ink">{form.error}</p>}
        <div className="flex justify-end"><Button look="primary" type="submit" busy={form.busy}>{common.save}</Button></div>
      </form>
    </Dialog>
  )
}
