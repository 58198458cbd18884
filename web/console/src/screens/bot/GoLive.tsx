/** The line for the page, and the list of what is still missing. */
import { Button, Card, CodeBlock, CopyButton, Section, Status, Switch, TextField } from '@shopwright/ui'
import { CircleCheck, CircleX } from 'lucide-react'
import type { Schemas } from '@shopwright/api'
import { useState } from 'react'
import { api, queries } from '../../api'
import { useBot, useKeys, useMay, type BotRead } from '../../data/account'
import { originsOf } from '../../data/origins'
import { inWords } from '../../data/readiness'
import { Page } from '../../frame/Page'
import { PathLink } from '../../frame/PathLink'
import { Loaded } from '../../frame/problems'
import { useForm } from '../../frame/useForm'
import { useFormat, useText } from '../../i18n'
import { ServerText } from '../../i18n/server'
import { useReadiness } from '../Bots'
import { saveBot } from './Answers'
import { useBotId } from './BotFrame'

export function snippet(botId: string, key?: string | null): string {
  return `<script src="${location.origin}/widget.js" data-bot="${botId}"${key ? ` data-key="${key}"` : ''} async></script>`
}

export function GoLive() {
  const botId = useBotId()
  const { bot: { live: text } } = useText()
  const bot = useBot(botId)
  const readiness = useReadiness(botId)
  return (
    <Page title={text.title} about={text.about}>
      {bot.data && <Public bot={bot.data} />}
      {bot.data && <Line bot={bot.data} />}
      <Section title={text.share} about={text.shareAbout}>
        <div className="flex flex-wrap items-center gap-3">
          <code className="min-w-0 flex-1 basis-64 rounded-control border bg-sunk px-3 py-2 font-mono text-small break-all">{`${location.origin}/chat/${botId}`}</code>
          <CopyButton text={`${location.origin}/chat/${botId}`} />
        </div>
      </Section>
      <Section title={text.checks}>
        <Loaded query={readiness}>{(data) => <Checks data={data} />}</Loaded>
      </Section>
    </Page>
  )
}

function fitsIntoPage({ kind, key, revoked_at, expires_at }: Schemas['ApiKeyRead']): boolean {
  return kind === 'publishable' && key !== null && !revoked_at && (!expires_at || Date.parse(expires_at) > Date.now())
}

/** The line works as it is: with a key bound to the shop's pages, or without one where everybody may talk to the bot. */
function Line({ bot }: { bot: BotRead }) {
  const { bot: { live: text } } = useText()
  const format = useFormat()
  const may = useMay('team')
  const keys = useKeys()
  const key = keys.data?.find((one) => one.bot_id === bot.id && fitsIntoPage(one))
  if (keys.isPending) return null
  const works = key ?? bot.is_public
  return (
    <Section title={text.snippet} about={works ? text.snippetAbout : text.snippetFirst}>
      {works && <CodeBlock label="HTML" text={snippet(bot.id, key?.key)} />}
      {key && <p className="text-muted">{text.worksOn(format.list(key.allowed_origins))} <PathLink to={`/bots/${bot.id}/access`} className="underline underline-offset-4">{text.change}</PathLink></p>}
      {!key && (may ? <Bind bot={bot} /> : <p className="text-muted">{text.askSomebody}</p>)}
    </Section>
  )
}

function Bind({ bot }: { bot: BotRead }) {
  const { bot: { live: text } } = useText()
  const [address, setAddress] = useState(bot.allowed_domains.find((one) => !one.includes('*')) ?? '')
  const form = useForm(async () => {
    await api.POST('/v1/tenant/api-keys', { body: { name: bot.name, kind: 'publishable', bot_id: bot.id, allowed_origins: originsOf(address), rate_limit: 10000, scopes: ['chat:read', 'chat:write'] } })
    await queries.invalidateQueries({ queryKey: ['keys'] })
  }, ['allowed_origins'])
  return (
    <form className="flex flex-col gap-3" onSubmit={(event) => void form.submit(event)}>
      <p className="max-w-prose text-muted">{bot.is_public ? text.bindHint : text.websiteHint}</p>
      <div className="flex flex-wrap items-end gap-3">
        <div className="min-w-0 flex-1 basis-72"><TextField label={text.website} placeholder="www.shop.example" required maxLength={300} value={address} onChange={(event) => setAddress(event.target.value)} error={form.errorOf('allowed_origins') ?? form.error} /></div>
        <Button type="submit" look={bot.is_public ? 'secondary' : 'primary'} busy={form.busy}>{bot.is_public ? text.bind : text.getLine}</Button>
      </div>
    </form>
  )
}

function Public({ bot }: { bot: BotRead }) {
  const { bot: { live: text } } = useText()
  const may = useMay('bots')
  const form = useForm(() => saveBot(bot.id, { is_public: !bot.is_public }))
  return (
    <Card>
      <Switch label={text.public} hint={form.error ?? text.publicHint} checked={bot.is_public} disabled={!may || form.busy} onChange={() => void form.submit()} />
    </Card>
  )
}

function Checks({ data }: { data: Schemas['Readiness'] }) {
  const words = useText()
  const { live: text } = words.bot
  const red = data.items.filter(({ ok }) => !ok).length
  const groups = Object.keys(text.groups).filter((group) => data.items.some((item) => item.group === group))
  return (
    <>
      <p>{red ? <Status tone="warning">{text.open(red)}</Status> : <Status tone="success">{text.ready}</Status>}</p>
      <div className="grid gap-x-8 gap-y-6 md:grid-cols-2">
        {groups.map((group) => (
          <section key={group}>
            <h3 className="mb-2 text-base">{text.groups[group]}</h3>
            <ul className="flex flex-col gap-2">
              {data.items.filter((item) => item.group === group).map((item) => (
                <li key={`${item.group}${item.key}`} className="flex gap-3">
                  {item.ok ? <CircleCheck size={20} aria-label={text.ok} className="shrink-0 text-success-ink" /> : <CircleX size={20} aria-label={text.todo} className="shrink-0 text-danger-ink" />}
                  <div className="min-w-0">
                    <p>{inWords(item, words).label}</p>
                    <p className="text-small break-words text-muted">{item.ok ? <ServerText text={item.evidence} /> : inWords(item, words).todo || <ServerText text={item.evidence} />}</p>
                  </div>
                </li>
              ))}
            </ul>
          </section>
        ))}
      </div>
    </>
  )
}
