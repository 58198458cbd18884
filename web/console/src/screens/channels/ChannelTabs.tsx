import { useDeployments } from '../../data/channels'
import { TabBar } from '../../frame/TabBar'
import { useText } from '../../i18n'

export function ChannelTabs() {
  const { channels: text } = useText()
  const deployments = useDeployments()
  const stuck = (deployments.data ?? []).reduce((sum, one) => sum + one.dead_letters, 0)
  return <TabBar label={text.title} tabs={[{ to: '/channels', label: text.tabs.all }, { to: '/channels/letters', label: stuck ? `${text.tabs.letters} (${stuck})` : text.tabs.letters }]} />
}
