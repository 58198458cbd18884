import { buttonClass, Empty, Notice, Section } from '@shopwright/ui'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Sparkles } from 'lucide-react'
import { api, read } from '../api'
import { useBots, useMe, type BotRead } from '../data/account'
import { nextSteps } from '../data/readiness'
import { Page } from '../frame/Page'
import { Loaded } from '../frame/problems'
import { useFormat, useText } from '../i18n'
import { Health, useReadiness } from './Bots'
import { Live, NextSteps, useOverview, withKey } from './bot/Overview'

export function Home() {
  const text = useText()
  const me = useMe()
  const bots = useBots()
  const onboarding = useQuery({ queryKey: ['onboarding'], retry: false, queryFn: () => read(api.GET('/v1/tenant/onboarding')) })
  const step = onboarding.data?.step
  const unfinished = step && step !== 'done' && (step !== 'icon' || Boolean(onboarding.data?.name))
  return (
    <Page title={text.home.hello(me.data?.name ?? '')} about={text.home.about}>
      {unfinished && (
        <Notice tone="info" title={text.home.resume} action={<Link to="/onboarding" className={buttonClass('primary', true)}>{text.common.open}</Link>}>
          {text.home.resumeAbout}
        </Notice>
      )}
      <Loaded query={bots}>
        {(all) =>
          all.length === 0 ? (
            <Empty icon={Sparkles} title={text.bots.emptyTitle} action={<Link to="/onboarding" className={buttonClass('primary')}>{text.bots.create}</Link>}>
              {text.bots.empty}
            </Empty>
          ) : (
            <>
              {all[0] && <Next bot={all[0]} />}
              <Section title={text.bots.title}>
                <ul className="divide-y rounded-card border bg-surface">
                  {all.slice(0, 20).map((bot) => (
                    <li key={bot.id}><BotLine bot={bot} /></li>
                  ))}
                </ul>
              </Section>
            </>
          )
        }
      </Loaded>
    </Page>
  )
}

function BotLine({ bot }: { bot: BotRead }) {
  const { home } = useText()
  const format = useFormat()
  const overview = useOverview(bot.id)
  const week = overview.data?.week
  return (
    <Link to={`/bots/${bot.id}`} className="flex flex-wrap items-center gap-x-6 gap-y-1 px-4 py-3 no-underline hover:bg-hover">
      <span className="min-w-0 flex-1 basis-40 truncate font-medium">{bot.name}</span>
      {week && <span className="text-small text-muted">{home.answered}: {format.number(week.answered)} · {home.declined}: {format.number(week.declined)}</span>}
      <span className="text-small"><Live bot={bot} /></span>
      <span className="text-small"><Health bot={bot} /></span>
    </Link>
  )
}

function Next({ bot }: { bot: BotRead }) {
  const text = useText()
  const overview = useOverview(bot.id)
  const readiness = useReadiness(bot.id)
  if (overview.data) return <NextSteps steps={overview.data.next_steps.map(withKey)} />
  if (!readiness.data) return null
  return <NextSteps steps={nextSteps(bot.id, readiness.data.items, text)} />
}
