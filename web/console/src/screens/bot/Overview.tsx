/** Is it live, what did customers ask, what could it not answer, what to do next. */
import type { Schemas } from '@shopwright/api'
import { buttonClass, Section, Status } from '@shopwright/ui'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { ArrowRight, CircleCheck } from 'lucide-react'
import { api, read } from '../../api'
import { useBot, type BotRead } from '../../data/account'
import { Page } from '../../frame/Page'
import { PathLink } from '../../frame/PathLink'
import { Loaded } from '../../frame/problems'
import { When } from '../../frame/When'
import { useFormat, useText } from '../../i18n'
import { useBotId } from './BotFrame'

type BotOverview = Schemas['Overview']

export const useOverview = (botId: string) =>
  useQuery({ queryKey: ['overview', botId], retry: false, queryFn: () => read(api.GET('/v1/tenant/bots/{bot_id}/overview', { params: { path: { bot_id: botId } } })) })

export function Overview() {
  const botId = useBotId()
  const text = useText()
  const bot = useBot(botId)
  const overview = useOverview(botId)
  if (!bot.data) return null
  return (
    <Page
      title={bot.data.name}
      about={<Live bot={bot.data} />}
      actions={<Link to={`/bots/${botId}/try`} className={buttonClass('primary')}>{text.bots.tabs.try}</Link>}
    >
      <Loaded query={overview}>
        {(data) => <Week overview={data} botId={botId} />}
      </Loaded>
    </Page>
  )
}

export function Live({ bot }: { bot: BotRead }) {
  const { home } = useText()
  if (!bot.is_active) return <Status>{home.off}</Status>
  return bot.is_public ? <Status tone="success">{home.liveNow(bot.revision)}</Status> : <Status tone="warning">{home.notLive}</Status>
}

function Week({ overview, botId }: { overview: BotOverview; botId: string }) {
  const text = useText()
  const format = useFormat()
  const { week } = overview
  const figures: [string, string][] = [
    [text.home.conversations, format.number(week.conversations)],
    [text.home.answered, format.number(week.answered)],
    [text.home.declined, format.number(week.declined)],
    [text.home.handoff, format.number(week.handoff)],
    [text.home.rated, text.home.ratings(week.up, week.down)],
  ]
  return (
    <>
      {overview.next_steps.length > 0 && <NextSteps steps={overview.next_steps} />}
      <Section title={text.home.week}>
        {week.turns === 0 ? (
          <p className="text-muted">{text.home.nothingYet}</p>
        ) : (
          <dl className="grid grid-cols-2 gap-x-6 gap-y-4 sm:grid-cols-5">
            {figures.map(([name, value]) => (
              <div key={name}>
                <dt className="text-small text-muted">{name}</dt>
                <dd className="text-title font-strong tabular-nums">{value}</dd>
              </div>
            ))}
          </dl>
        )}
      </Section>
      <Section title={text.home.unanswered} about={text.home.unansweredAbout}>
        {overview.unanswered.length === 0 ? (
          <p className="text-muted">{text.home.unansweredNone}</p>
        ) : (
          <ul className="divide-y rounded-card border">
            {overview.unanswered.map((one) => (
              <li key={one.message_id} className="flex flex-wrap items-center gap-3 px-4 py-3">
                <PathLink to={`/conversations?open=${one.conversation_id}`} className="min-w-0 flex-1 basis-48 break-words underline-offset-2 hover:underline">{one.text}</PathLink>
                <span className="text-small text-muted"><When at={one.at} /></span>
                <Link to={`/bots/${botId}/knowledge`} className={buttonClass('secondary', true)}>{text.home.answerIt}</Link>
              </li>
            ))}
          </ul>
        )}
      </Section>
      {overview.top_documents.length > 0 && (
        <Section title={text.home.top}>
          <ul className="flex flex-col gap-2">
            {overview.top_documents.map((one) => (
              <li key={one.document_id} className="flex items-baseline justify-between gap-4">
                <PathLink to={`/knowledge?document=${one.document_id}`} className="truncate underline-offset-2 hover:underline">{one.title}</PathLink>
                <span className="shrink-0 text-small text-muted">{text.home.cited(one.citations)}</span>
              </li>
            ))}
          </ul>
        </Section>
      )}
    </>
  )
}

export function NextSteps({ steps }: { steps: BotOverview['next_steps'] }) {
  const { home } = useText()
  return (
    <Section title={home.next}>
      {steps.length === 0 ? (
        <p className="flex items-center gap-2 text-success-ink"><CircleCheck size={20} aria-hidden /> {home.nextNone}</p>
      ) : (
        <ol className="grid gap-3 md:grid-cols-3">
          {steps.slice(0, 3).map((step) => (
            <li key={step.code}>
              <PathLink to={step.link} className="flex h-full flex-col gap-1 rounded-card border bg-surface p-4 no-underline hover:border-line-strong hover:bg-hover">
                <span className="flex items-center justify-between gap-2 font-medium">{home.steps[step.code]?.title ?? step.title}<ArrowRight size={16} aria-hidden className="shrink-0 text-muted rtl:rotate-180" /></span>
                <span className="text-small text-muted">{home.steps[step.code]?.detail ?? step.detail}</span>
              </PathLink>
            </li>
          ))}
        </ol>
      )}
    </Section>
  )
}
