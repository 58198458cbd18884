/** The line for the page, and the list of what is still missing. */
import { buttonClass, Card, CodeBlock, CopyButton, Section, Status, Switch } from '@shopwright/ui'
import { CircleCheck, CircleX } from 'lucide-react'
import type { Schemas } from '@shopwright/api'
import { useBot, useMay, type BotRead } from '../../data/account'
import { inWords } from '../../data/readiness'
import { Page } from '../../frame/Page'
import { PathLink } from '../../frame/PathLink'
import { Loaded } from '../../frame/problems'
import { useForm } from '../../frame/useForm'
import { useText } from '../../i18n'
import { ServerText } from '../../i18n/server'
import { useReadiness } from '../Bots'
import { saveBot } from './Answers'
import { useBotId } from './BotFrame'

export function snippet(botId: string, key = 'pk_live_…'): string {
  return `<script src="${location.origin}/widget.js" data-bot="${botId}" data-key="${key}" async></script>`
}

export function GoLive() {
  const botId = useBotId()
  const { bot: { live: text } } = useText()
  const bot = useBot(botId)
  const readiness = useReadiness(botId)
  return (
    <Page title={text.title} about={text.about}>
      {bot.data && <Public bot={bot.data} />}
      <Section title={text.snippet} about={text.snippetAbout}>
        <CodeBlock label="HTML" text={snippet(botId)} />
        <p className="flex flex-wrap items-center gap-3 text-muted">{text.snippetKey} <PathLink to={`/bots/${botId}/access?new=key`} className={buttonClass('secondary', true)}>{text.makeKey}</PathLink></p>
      </Section>
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
