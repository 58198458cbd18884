import { Outlet } from '@tanstack/react-router'
import { Activity, Building2, KeyRound, LogIn, ScrollText, SlidersHorizontal, Sparkles, UserSearch } from 'lucide-react'
import { useAdminMe } from '../../data/administration'
import { AccountMenu } from '../../frame/AccountMenu'
import { Shell } from '../../frame/Frame'
import { useText } from '../../i18n'

export function AdminFrame() {
  const { frame, administration: text } = useText()
  const me = useAdminMe()
  const places = [
    { to: '/administration', icon: Building2, label: frame.tenants },
    { to: '/administration/providers', icon: Sparkles, label: frame.providers },
    { to: '/administration/key', icon: KeyRound, label: text.key.title },
    { to: '/administration/system', icon: SlidersHorizontal, label: frame.system },
    { to: '/administration/health', icon: Activity, label: frame.health },
    { to: '/administration/sign-in-services', icon: LogIn, label: frame.signInProviders },
    { to: '/administration/people', icon: UserSearch, label: frame.people },
    { to: '/administration/audit', icon: ScrollText, label: frame.audit },
  ]
  const [tenants, providers, key, system, health] = places
  return (
    <Shell
      places={places}
      bottom={[tenants, providers, key, system, health].filter((place) => place !== undefined)}
      name={frame.administration}
      top={
        <>
          <span className="truncate font-strong md:hidden">{frame.administration}</span>
          <span className="flex-1" />
          <AccountMenu name={me.data?.name || me.data?.email || frame.administration} email={me.data?.email ?? ''} profile="/administration/profile" />
        </>
      }
    >
      <Outlet />
    </Shell>
  )
}
