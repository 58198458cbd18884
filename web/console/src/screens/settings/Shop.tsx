import { TextArea, TextField, useToast } from '@shopwright/ui'
import { api, queries, read } from '../../api'
import { useMe, useTenant } from '../../data/account'
import { Page } from '../../frame/Page'
import { Loaded } from '../../frame/problems'
import { SaveBar, useDraft } from '../../frame/SaveBar'
import { useForm } from '../../frame/useForm'
import { useText } from '../../i18n'
import type { Schemas } from '@shopwright/api'

export function Shop() {
  const { settings: text } = useText()
  const tenant = useTenant()
  return (
    <Page title={text.tabs.shop} about={text.about}>
      <Loaded query={tenant}>{(data) => <Form key={data.id} tenant={data} />}</Loaded>
    </Page>
  )
}

function Form({ tenant }: { tenant: Schemas['TenantRead'] }) {
  const { settings: { shop: text }, common } = useText()
  const toast = useToast()
  const me = useMe()
  const locked = me.data?.role !== 'owner'
  const { draft, set, dirty, reset, saved } = useDraft({ name: tenant.name, description: tenant.description, owner_email: tenant.owner_email ?? '' })
  const form = useForm(async () => {
    queries.setQueryData(['tenant'], await read(api.PATCH('/v1/tenant', { body: { ...draft, owner_email: draft.owner_email || null } })))
    saved()
    toast(common.saved)
  }, Object.keys(draft))
  return (
    <form className="flex max-w-2xl flex-col gap-4" onSubmit={(event) => void form.submit(event)}>
      <TextField label={text.name} required maxLength={120} disabled={locked} value={draft.name} onChange={(event) => set({ name: event.target.value })} error={form.errorOf('name')} />
      <TextArea label={text.description} rows={3} disabled={locked} value={draft.description} onChange={(event) => set({ description: event.target.value })} error={form.errorOf('description')} />
      <TextField label={text.contact} type="email" disabled={locked} value={draft.owner_email} onChange={(event) => set({ owner_email: event.target.value })} error={form.errorOf('owner_email')} />
      <dl className="grid grid-cols-[8rem_1fr] gap-2">
        <dt className="text-muted">{text.plan}</dt><dd>{tenant.plan}</dd>
        <dt className="text-muted">{text.slug}</dt><dd className="font-mono text-small">{tenant.slug}</dd>
      </dl>
      <SaveBar dirty={dirty} form={form} onDiscard={reset} />
    </form>
  )
}
