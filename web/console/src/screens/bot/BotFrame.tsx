import { Outlet, useParams } from '@tanstack/react-router'
import { useBot } from '../../data/account'
import { Loaded } from '../../frame/problems'
import { TabBar } from '../../frame/TabBar'
import { useText } from '../../i18n'

const TABS = ['home', 'try', 'platforms', 'answers', 'topics', 'knowledge', 'look', 'live', 'channels', 'access'] as const

/** The pages of one bot, behind one row of tabs. */
export function BotFrame() {
  const { botId } = useParams({ strict: false }) as { botId: string }
  const { bots } = useText()
  const bot = useBot(botId)
  return (
    <>
      <TabBar label={bot.data?.name ?? bots.title} tabs={TABS.map((tab) => ({ to: `/bots/${botId}${tab === 'home' ? '' : `/${tab}`}`, label: bots.tabs[tab] }))} />
      <Loaded query={bot}>{() => <Outlet />}</Loaded>
    </>
  )
}

export function useBotId(): string {
  return (useParams({ strict: false }) as { botId: string }).botId
}
