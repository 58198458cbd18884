/** The key that all tenants share: changed only after a confirmation, with a way back. */
import type { Schemas } from '@shopwright/api'
import { Button, Card, Chip, Confirm, Notice, Section, TextField } from '@shopwright/ui'
import { useQuery } from '@tanstack/react-query'
import { ShieldAlert } from 'lucide-react'
import { useState } from 'react'
import { api, queries, read } from '../../api'
import { Page } from '../../frame/Page'
import { Loaded } from '../../frame/problems'
import { useForm } from '../../frame/useForm'
import { When } from '../../frame/When'
import { useText } from '../../i18n'

type Key = Schemas['GlobalKeyRead']
const NAME = ['global-key']

export function GlobalKey() {
  const { administration: { key: text } } = useText()
  const key = useQuery({ queryKey: NAME, queryFn: () => read(api.GET('/admin/settings/global-key')) })
  return (
    <Page title={text.title} about={text.about}>
      <Loaded query={key}>{(data) => <Body value={data} />}</Loaded>
    </Page>
  )
}

function Body({ value }: { value: Key }) {
  const { administration: { key: text } } = useText()
  const [given, set] = useState({ api_key: '', base_url: '' })
  const [asking, setAsking] = useState<'change' | 'rollback' | null>(null)
  const [done, setDone] = useState('')
  const change = useForm(async () => {
    queries.setQueryData(NAME, await read(api.PUT('/admin/settings/global-key', { body: { api_key: given.api_key, base_url: given.base_url || null, confirm: true } })))
    set({ api_key: '', base_url: '' })
    setDone(text.changed)
    setAsking(null)
  }, ['api_key', 'base_url'])
  const rollback = useForm(async () => {
    queries.setQueryData(NAME, await read(api.POST('/admin/settings/global-key/rollback')))
    setDone(text.rolledBack)
    setAsking(null)
  })
  const back = value.can_restore && <Button small onClick={() => setAsking('rollback')}>{text.rollback}</Button>
  return (
    <>
      {value.warning && <Notice tone="warning" icon={<ShieldAlert size={20} aria-hidden />}>{value.warning}</Notice>}
      {done && <Notice tone="success" title={done} action={back} />}
      <Card className="flex flex-wrap items-center gap-3">
        <p className="min-w-0 flex-1 break-words">{value.is_set ? text.set(value.key_hint) : text.notSet}</p>
        {value.version > 0 && <Chip>{text.version(value.version)}</Chip>}
        {value.updated_at && <span className="text-small text-muted"><When at={value.updated_at} /></span>}
        {!done && back}
      </Card>
      <Section title={text.change}>
        <form className="flex max-w-md flex-col gap-4" onSubmit={(event) => { event.preventDefault(); setAsking('change') }}>
          <TextField label={text.new} type="password" autoComplete="off" required maxLength={4000} value={given.api_key} onChange={(event) => set({ ...given, api_key: event.target.value })} error={change.errorOf('api_key')} />
          <TextField label={text.url} inputMode="url" maxLength={500} value={given.base_url} onChange={(event) => set({ ...given, base_url: event.target.value })} error={change.errorOf('base_url')} />
          <div><Button look="primary" type="submit">{text.change}</Button></div>
        </form>
      </Section>
      <Confirm open={asking === 'change'} onClose={() => setAsking(null)} onConfirm={() => void change.submit()} title={text.confirmTitle} about={text.confirmAbout} action={text.change} name={text.confirmWord} busy={change.busy} error={change.error ?? change.errorOf('api_key')} />
      <Confirm open={asking === 'rollback'} onClose={() => setAsking(null)} onConfirm={() => void rollback.submit()} title={text.rollbackTitle} about={text.rollbackAbout} action={text.rollback} busy={rollback.busy} error={rollback.error} />
    </>
  )
}
