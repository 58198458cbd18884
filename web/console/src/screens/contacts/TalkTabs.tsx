import { TabBar } from '../../frame/TabBar'
import { useText } from '../../i18n'

/** Conversations and the people in them stand beside each other. */
export function TalkTabs() {
  const { contacts: text } = useText()
  return <TabBar label={text.tabs.talks} tabs={[{ to: '/conversations', label: text.tabs.talks }, { to: '/conversations/contacts', label: text.tabs.people }]} />
}
