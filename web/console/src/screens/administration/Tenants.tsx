import type { Schemas } from '@shopwright/api'
import { Button, Chip, Confirm, Dialog, Empty, TextField, useToast } from '@shopwright/ui'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { Building2, Plus } from 'lucide-react'
import { useState } from 'react'
import { api, queries } from '../../api'
import { useTenants } from '../../data/administration'
import { Page } from '../../frame/Page'
import { Loaded } from '../../frame/problems'
import { useForm } from '../../frame/useForm'
import { When } from '../../frame/When'
import { useText } from '../../i18n'
import { PasswordField } from '../auth/PasswordField'

type Tenant = Schemas['TenantRead']
const refresh = () => queries.invalidateQueries({ queryKey: ['admin-tenants'] })

export function Tenants() {
  const { administration: { tenants: text }, frame } = useText()
  const tenants = useTenants()
  const navigate = useNavigate()
  const { new: adding, q } = useSearch({ strict: false }) as { new?: string; q?: string }
  const show = (search: Record<string, string>) => void navigate({ to: '.', search, resetScroll: false, replace: true })
  const create = <Button look="primary" icon={<Plus size={16} aria-hidden />} onClick={() => show({ new: '1' })}>{text.create}</Button>
  const fits = (tenant: Tenant) => `${tenant.name} ${tenant.slug} ${tenant.email}`.toLowerCase().includes((q ?? '').toLowerCase())
  return (
    <Page title={frame.tenants} about={text.about} actions={tenants.data?.length ? create : undefined}>
      <Loaded query={tenants}>
        {(all) =>
          all.length === 0 ? (
            <Empty icon={Building2} title={text.none} action={create}>{text.noneAbout}</Empty>
          ) : (
            <>
              <div className="max-w-sm"><TextField label={text.find} type="search" value={q ?? ''} onChange={(event) => show({ q: event.target.value })} /></div>
              <ul className="divide-y rounded-card border">{all.filter(fits).map((tenant) => <li key={tenant.id}><Row tenant={tenant} /></li>)}</ul>
            </>
          )
        }
      </Loaded>
      <Dialog open={adding === '1'} onClose={() => show({})} title={text.create} about={text.noneAbout}><NewTenant onDone={() => show({})} /></Dialog>
    </Page>
  )
}

function Row({ tenant }: { tenant: Tenant }) {
  const { administration: { tenants: text }, common } = useText()
  const toast = useToast()
  const [asking, setAsking] = useState(false)
  const path = { params: { path: { tenant_id: tenant.id } } }
  const change = useForm(async () => {
    await api.PATCH('/admin/tenants/{tenant_id}', { ...path, body: { is_active: !tenant.is_active } })
    await refresh()
  })
  const remove = useForm(async () => {
    await api.DELETE('/admin/tenants/{tenant_id}', path)
    toast(text.deleted(tenant.name))
    await refresh()
  })
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3">
      <span className="min-w-0 flex-1 basis-48"><span className="block truncate font-medium">{tenant.name}</span><span className="block truncate text-small text-muted">{tenant.slug} · {tenant.email}</span></span>
      <Chip>{tenant.plan}</Chip>
      {!tenant.is_active && <Chip tone="warning">{common.inactive}</Chip>}
      <span className="text-small text-muted"><When at={tenant.created_at} /></span>
      <Button small busy={change.busy} onClick={() => void change.submit()}>{tenant.is_active ? text.deactivate : text.activate}</Button>
      <Button small className="text-danger-ink" onClick={() => setAsking(true)}>{common.delete}</Button>
      {change.error && <p role="alert" className="w-full text-danger-ink">{change.error}</p>}
      <Confirm open={asking} onClose={() => setAsking(false)} onConfirm={() => void remove.submit()} title={text.deleteTitle} about={text.deleteAbout} action={common.delete} name={tenant.name} busy={remove.busy} error={remove.error} />
    </div>
  )
}

const slugOf = (name: string) => name.toLowerCase().normalize('NFKD').replaceAll(/[^a-z0-9]+/g, '-').replaceAll(/^-|-$/g, '')

function NewTenant({ onDone }: { onDone: () => void }) {
  const { administration: { tenants: text } } = useText()
  const [given, set] = useState({ name: '', slug: '', email: '', password: '', plan: 'free' })
  const form = useForm(async () => {
    await api.POST('/admin/tenants', { body: { ...given, description: '' } })
    await refresh()
    onDone()
  }, Object.keys(given))

  return (
    <form className="flex flex-col gap-4" onSubmit={(event) => void form.submit(event)}>
      <TextField label={text.name} required maxLength={120} value={given.name} onChange={(event) => set({ ...given, name: event.target.value, slug: given.slug === slugOf(given.name) ? slugOf(event.target.value) : given.slug })} error={form.errorOf('name')} />
      <TextField label={text.slug} hint={text.slugHint} required maxLength={60} value={given.slug} onChange={(event) => set({ ...given, slug: event.target.value })} error={form.errorOf('slug')} />
      <TextField label={text.owner} type="email" required value={given.email} onChange={(event) => set({ ...given, email: event.target.value })} error={form.errorOf('email')} />
      <PasswordField fresh value={given.password} onChange={(password) => set({ ...given, password })} error={form.errorOf('password')} />
      <TextField label={text.plan} required maxLength={40} value={given.plan} onChange={(event) => set({ ...given, plan: event.target.value })} error={form.errorOf('plan')} />
      {form.error && <p role="alert" className="text-danger-ink">{form.error}</p>}
      <div className="flex justify-end"><Button look="primary" type="submit" busy={form.busy}>{text.create}</Button></div>
    </form>
  )
}
