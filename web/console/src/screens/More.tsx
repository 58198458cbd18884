/** On a phone: what the bar below has no room for. */
import { Link } from '@tanstack/react-router'
import { ChevronRight, CircleHelp, RadioTower, Settings, UserRound, Users } from 'lucide-react'
import { useAdminPlaces } from '../data/adminPlaces'
import type { Place } from '../frame/Frame'
import { Page } from '../frame/Page'
import { useText } from '../i18n'

export function More() {
  const { frame } = useText()
  const places = [
    { to: '/channels', label: frame.channels, icon: RadioTower },
    { to: '/clients', label: frame.clients, icon: Users },
    { to: '/settings', label: frame.settings, icon: Settings },
    { to: '/settings/profile', label: frame.profile, icon: UserRound },
  ]
  return <MorePage places={places} />
}

export function AdminMore() {
  const { rest } = useAdminPlaces()
  return <MorePage places={rest} />
}

function MorePage({ places }: { places: Place[] }) {
  const { frame } = useText()
  const row = 'flex min-h-12 items-center gap-3 px-4 no-underline hover:bg-hover'
  return (
    <Page title={frame.more}>
      <ul className="divide-y rounded-card border">
        {places.map(({ to, label, icon: Icon }) => (
          <li key={to}><Link to={to} className={row}><Icon size={20} aria-hidden className="text-muted" /><span className="flex-1">{label}</span><ChevronRight size={16} aria-hidden className="text-muted rtl:rotate-180" /></Link></li>
        ))}
        <li><a href="/docs" target="_blank" rel="noopener" className={row}><CircleHelp size={20} aria-hidden className="text-muted" />{frame.help}</a></li>
      </ul>
    </Page>
  )
}
