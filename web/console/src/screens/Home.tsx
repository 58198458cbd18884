import { buttonClass, Empty, Notice, Section } from '@shopwright/ui'
import { Link } from '@tanstack/react-router'
import { Sparkles } from 'lucide-react'
import { useBots, useMe, type BotRead } from '../data/account'
import { useOnboarding } from '../data/onboarding'
import { Page } from '../frame/Page'
import { Loaded } from '../frame/problems'
import { useFormat, useText } from '../i18n'
import { Health } from './Bots'
import { Live, NextSteps, useOverview } from './bot/Overview'

export function Home() {
  const text = useText()
  const me = useMe()
  const bots = useBots()
  const onboarding = useOnboarding()
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
  const overview = useOverview(bot.id)
  return overview.data ? <NextSteps steps={overview.data.next_steps} /> : null
}
