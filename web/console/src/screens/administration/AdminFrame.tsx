import { Outlet } from '@tanstack/react-router'
import { Menu as MenuIcon } from 'lucide-react'
import { useAdminMe } from '../../data/administration'
import { useAdminPlaces } from '../../data/adminPlaces'
import { AccountMenu } from '../../frame/AccountMenu'
import { Shell } from '../../frame/Frame'
import { useText } from '../../i18n'

export function AdminFrame() {
  const { frame } = useText()
  const me = useAdminMe()
  const { first, rest } = useAdminPlaces()
  return (
    <Shell
      places={[...first, ...rest]}
      bottom={[...first, { to: '/administration/more', icon: MenuIcon, label: frame.more }]}
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
