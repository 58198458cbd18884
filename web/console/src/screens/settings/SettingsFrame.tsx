import { Outlet } from '@tanstack/react-router'
import { TabBar } from '../../frame/TabBar'
import { useText } from '../../i18n'

const TABS = ['shop', 'team', 'providers', 'usage', 'audit', 'profile'] as const

export function SettingsFrame() {
  const { settings } = useText()
  return (
    <>
      <TabBar label={settings.title} tabs={TABS.map((tab) => ({ to: `/settings/${tab}`, label: settings.tabs[tab] }))} />
      <Outlet />
    </>
  )
}
