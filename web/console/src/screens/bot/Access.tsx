/** Pages that may show the bot, and keys. */
import type { Schemas } from '@shopwright/api'
import { Button, CheckField, Chip, CodeBlock, Confirm, Dialog, Section, SelectField, TextArea, TextField, useToast } from '@shopwright/ui'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { KeyRound, Plus } from 'lucide-react'
import { useState } from 'react'
import { api, queries, read } from '../../api'
import { useBot, useKeys, useMay, type BotRead } from '../../data/account'
import { ListEditor } from '../../frame/ListEditor'
import { Page } from '../../frame/Page'
import { Loaded } from '../../frame/problems'
import { SaveBar, useDraft } from '../../frame/SaveBar'
import { useForm } from '../../frame/useForm'
import { When } from '../../frame/When'
import { useText } from '../../i18n'
import { saveBot } from './Answers'
import { useBotId } from './BotFrame'
import { snippet } from './GoLive'

type Key = Schemas['ApiKeyRead']

export function Access() {
  const botId = useBotId()
  const { bot: { access: text } } = useText()
  const bot = useBot(botId)
  return (
    <Page title={text.title} about={text.about}>
      {bot.data && <Domains key={botId} bot={bot.data} />}
      <Keys botId={botId} />
    </Page>
  )
}

function Domains({ bot }: { bot: BotRead }) {
  const { bot: { access: text }, common } = useText()
  const toast = useToast()
  const may = useMay('bots')
  const { draft, set, dirty, reset, saved } = useDraft({ allowed_domains: bot.allowed_domains })
  const form = useForm(async () => {
    const now = await saveBot(bot.id, draft)
    saved({ allowed_domains: now.allowed_domains })
    toast(common.saved)
  }, ['allowed_domains'])
  return (
    <Section title={text.domains} about={text.domainsAbout}>
      <form className="flex flex-col gap-4" onSubmit={(event) => void form.submit(event)}>
        <ListEditor mono label={text.domain} hint={text.domainHint} max={300} items={draft.allowed_domains} disabled={!may} empty={text.anyPage} error={form.errorOf('allowed_domains')} onChange={(allowed_domains) => set({ allowed_domains })} />
        <SaveBar dirty={dirty} form={form} onDiscard={reset} />
      </form>
    </Section>
  )
}

function Keys({ botId }: { botId: string }) {
  const { bot: { access: text } } = useText()
  const may = useMay('team')
  const navigate = useNavigate()
  const { new: asked } = useSearch({ strict: false }) as { new?: string }
  const open = (search: Record<string, string>) => void navigate({ to: '.', search, resetScroll: false })
  const keys = useKeys()
  const [made, setMade] = useState<Schemas['ApiKeyCreated'] | null>(null)
  return (
    <Section title={text.keys} about={text.keysAbout} action={may && <Button look="primary" icon={<Plus size={16} aria-hidden />} onClick={() => open({ new: 'key' })}>{text.create}</Button>}>
      <Loaded query={keys}>
        {(all) => {
          const mine = all.filter((key) => key.bot_id === null || key.bot_id === botId)
          return mine.length === 0 ? <p className="text-muted">{text.noKeys}</p> : <ul className="divide-y rounded-card border">{mine.map((key) => <KeyRow key={key.id} item={key} may={may} />)}</ul>
        }}
      </Loaded>
      {asked === 'key' && may && <NewKey botId={botId} onClose={() => open({})} onMade={(key) => { open({}); setMade(key) }} />}
      <Dialog open={made !== null} onClose={() => setMade(null)} title={text.createdTitle} about={text.createdAbout} footer={<Button look="primary" onClick={() => setMade(null)}>{text.stored}</Button>}>
        {made && <CodeBlock label={made.name} text={made.key} />}
        {made?.kind === 'publishable' && <CodeBlock label="HTML" text={snippet(botId, made.key)} />}
      </Dialog>
    </Section>
  )
}

function KeyRow({ item, may }: { item: Key; may: boolean }) {
  const { bot: { access: text } } = useText()
  const [asking, setAsking] = useState(false)
  const revoke = useForm(async () => {
    await api.DELETE('/v1/tenant/api-keys/{key_id}', { params: { path: { key_id: item.id } } })
    setAsking(false)
    await queries.invalidateQueries({ queryKey: ['keys'] })
  })
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3">
      <KeyRound size={20} aria-hidden className="text-muted" />
      <span className="min-w-0 flex-1 basis-48">
        <span className="block truncate font-medium">{item.name}</span>
        <span className="block font-mono text-small break-all text-muted">{item.key_prefix}…</span>
      </span>
      <Chip>{text.kindShort[item.kind] ?? item.kind}</Chip>
      {item.bot_id === null && <Chip>{text.allBots}</Chip>}
      <span className="text-small text-muted">{text.lastUsed}: {item.last_used_at ? <When at={item.last_used_at} /> : text.never}</span>
      {item.revoked_at ? <Chip tone="danger">{text.revoked}</Chip> : may && <Button small onClick={() => setAsking(true)}>{text.revoke}</Button>}
      <Confirm open={asking} onClose={() => setAsking(false)} onConfirm={() => void revoke.submit()} title={text.revokeTitle} about={text.revokeAbout} action={text.revoke} name={item.name} busy={revoke.busy} error={revoke.error} />
    </li>
  )
}

function NewKey({ botId, onClose, onMade }: { botId: string; onClose: () => void; onMade: (key: Schemas['ApiKeyCreated']) => void }) {
  const { bot: { access: text }, common, ui } = useText()
  const bot = useBot(botId)
  const [given, set] = useState({ name: bot.data?.name ?? '', kind: 'publishable' as 'publishable' | 'secret', origins: (bot.data?.allowed_domains ?? []).join('\n'), rate_limit: 1000, scopes: ['chat:write', 'chat:read'] })
  const form = useForm(async () => {
    const allowed_origins = given.origins.split('\n').map((line) => line.trim()).filter(Boolean)
    const key = await read(api.POST('/v1/tenant/api-keys', { body: { name: given.name, kind: given.kind, bot_id: botId, allowed_origins, rate_limit: given.rate_limit, scopes: given.scopes as Schemas['Permission'][] } }))
    void queries.invalidateQueries({ queryKey: ['keys'] })
    onMade(key)
  }, ['name', 'kind', 'allowed_origins', 'rate_limit', 'scopes'])
  const scopes = given.kind === 'publishable' ? ['chat:write', 'chat:read'] : Object.keys(text.permissions)
  return (
    <Dialog open onClose={onClose} title={text.create} about={text.keysAbout}>
      <form className="flex flex-col gap-4" onSubmit={(event) => void form.submit(event)}>
        <TextField label={common.name} required maxLength={120} value={given.name} onChange={(event) => set({ ...given, name: event.target.value })} error={form.errorOf('name')} autoFocus />
        <SelectField label={text.kind} value={given.kind} options={Object.entries(text.kinds).map(([value, label]) => ({ value, label }))} onChange={(event) => set({ ...given, kind: event.target.value as typeof given.kind, scopes: ['chat:write', 'chat:read'] })} error={form.errorOf('kind')} />
        {given.kind === 'publishable' && <TextArea label={text.origins} hint={text.originsHint} rows={2} required value={given.origins} onChange={(event) => set({ ...given, origins: event.target.value })} error={form.errorOf('allowed_origins')} className="font-mono" />}
        <fieldset className="flex flex-col gap-2">
          <legend className="mb-1 font-medium">{text.may}</legend>
          {scopes.map((scope) => (
            <CheckField key={scope} label={text.permissions[scope] ?? scope} checked={given.scopes.includes(scope)} onChange={(event) => set({ ...given, scopes: event.target.checked ? [...given.scopes, scope] : given.scopes.filter((one) => one !== scope) })} />
          ))}
        </fieldset>
        <TextField label={text.rate} type="number" min={1} max={100000000} value={given.rate_limit} onChange={(event) => set({ ...given, rate_limit: Number(event.target.value) })} error={form.errorOf('rate_limit')} />
        {form.error && <p role="alert" className="text-danger-ink">{form.error}</p>}
        <div className="flex justify-end gap-2"><Button onClick={onClose}>{ui.cancel}</Button><Button look="primary" type="submit" busy={form.busy}>{text.create}</Button></div>
      </form>
    </Dialog>
  )
}
