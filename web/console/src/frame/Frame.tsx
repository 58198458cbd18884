/** What stands around every page of a signed-in member: rail, top bar, and on a phone the bar below. */
import { Hint, IconButton, cx } from '@shopwright/ui'
import { Link, Outlet, useNavigate, useParams, useRouterState } from '@tanstack/react-router'
import { BookOpen, Bot, ChevronDown, CircleHelp, House, Menu as MenuIcon, MessagesSquare, RadioTower, Search, Settings, Users, type LucideIcon } from 'lucide-react'
import { Menu, MenuItem, Status } from '@shopwright/ui'
import { lazy, Suspense, useEffect, useState } from 'react'
import { useBot, useBots, useMe, useTenant, type BotRead } from '../data/account'
import { badgesOf } from '../data/channels'
import { useLive } from '../data/live'
import { useText } from '../i18n'
import { AccountMenu } from './AccountMenu'
import { ChannelBadges } from './ChannelBadges'
import { Connection } from './Connection'

const loadPalette = () => import('./Palette')
const Palette = lazy(loadPalette)

export interface Place {
  to: string
  icon: LucideIcon
  label: string
}

function usePlaces(): Place[] {
  const { frame } = useText()
  return [
    { to: '/', icon: House, label: frame.home },
    { to: '/bots', icon: Bot, label: frame.bots },
    { to: '/knowledge', icon: BookOpen, label: frame.knowledge },
    { to: '/conversations', icon: MessagesSquare, label: frame.conversations },
    { to: '/channels', icon: RadioTower, label: frame.channels },
    { to: '/clients', icon: Users, label: frame.clients },
    { to: '/settings', icon: Settings, label: frame.settings },
  ]
}

export function Frame() {
  const places = usePlaces()
  const tenant = useTenant()
  const { frame } = useText()
  const [palette, setPalette] = usePaletteKey()
  useLive()
  return (
    <Shell
      places={places}
      name={tenant.data?.name ?? ''}
      bottom={[...places.slice(0, 3), { to: '/conversations', icon: MessagesSquare, label: frame.inbox }, { to: '/more', icon: MenuIcon, label: frame.more }]}
      top={
        <>
          <BotSwitch />
          <span className="flex-1" />
          <SearchButton onOpen={() => setPalette(true)} />
          <Hint text={frame.help}>
            <a href="/docs" target="_blank" rel="noopener" aria-label={frame.help} className="inline-flex size-9 items-center justify-center rounded-control text-ink-2 hover:bg-hover max-md:hidden">
              <CircleHelp size={20} aria-hidden />
            </a>
          </Hint>
          <MemberMenu />
        </>
      }
    >
      <Outlet />
      {palette && (
        <Suspense>
          <Palette onClose={() => setPalette(false)} places={places} />
        </Suspense>
      )}
    </Shell>
  )
}

function MemberMenu() {
  const me = useMe()
  return <AccountMenu name={me.data?.name || me.data?.email || ''} email={me.data?.email ?? ''} profile="/settings/profile" />
}

export function Shell({ places, bottom, top, name, children }: { places: Place[]; bottom: Place[]; top: React.ReactNode; name: string; children: React.ReactNode }) {
  const { frame } = useText()
  return (
    <div className="min-h-dvh md:grid md:grid-cols-[64px_minmax(0,1fr)] lg:grid-cols-[216px_minmax(0,1fr)]">
      <a href="#content" className="sr-only z-50 rounded-control bg-ink px-4 py-2 text-page focus:not-sr-only focus:fixed focus:start-4 focus:top-3">
        {frame.skip}
      </a>
      <aside className="sticky top-0 flex h-dvh flex-col gap-1 border-e bg-rail p-3 max-md:hidden">
        <div className="mb-3 flex h-9 items-center gap-2 px-1.5">
          <img src="/icon.svg" alt="" width={24} height={24} />
          <span className="truncate font-strong max-lg:sr-only">{name || 'Shopwright'}</span>
        </div>
        <nav aria-label={frame.main} className="flex flex-col gap-0.5">
          {places.map((place) => (
            <RailLink key={place.to} {...place} />
          ))}
        </nav>
      </aside>
      <div className="flex min-w-0 flex-col max-md:pb-[calc(60px+env(safe-area-inset-bottom))]">
        <Connection />
        <header className="sticky top-0 z-20 flex h-14 items-center gap-2 border-b bg-page px-4 md:px-6">{top}</header>
        <main id="content" className="min-w-0 flex-1">
          {children}
        </main>
      </div>
      <nav aria-label={frame.main} className="fixed inset-x-0 bottom-0 z-20 grid grid-cols-5 border-t bg-rail pb-[env(safe-area-inset-bottom)] md:hidden">
        {bottom.map((place) => (
          <BottomLink key={place.to} {...place} />
        ))}
      </nav>
    </div>
  )
}

const ACTIVE = { className: 'bg-accent-soft text-accent-ink! font-medium', 'aria-current': 'page' as const }

function RailLink({ to, icon: Icon, label }: Place) {
  return (
    <Hint text={label} side="right">
      <Link to={to} activeOptions={{ exact: to === '/' || to === '/administration' }} activeProps={ACTIVE} className="flex h-9 items-center gap-3 rounded-control px-2 text-ink-2 no-underline hover:bg-hover max-lg:justify-center">
        <Icon size={20} aria-hidden className="shrink-0" />
        <span className="truncate max-lg:sr-only">{label}</span>
      </Link>
    </Hint>
  )
}

function BottomLink({ to, icon: Icon, label }: Place) {
  return (
    <Link to={to} activeOptions={{ exact: to === '/' || to === '/administration' }} activeProps={{ className: 'text-accent-ink! font-medium', 'aria-current': 'page' as const }} className="flex h-[60px] min-w-0 flex-col items-center justify-center gap-0.5 text-ink-2 no-underline">
      <Icon size={20} aria-hidden />
      <span className="max-w-full truncate px-0.5 text-[0.6875rem]">{label}</span>
    </Link>
  )
}

function BotSwitch() {
  const { botId } = useParams({ strict: false }) as { botId?: string }
  const text = useText()
  const bots = useBots()
  const bot = useBot(botId)
  const navigate = useNavigate()
  const tab = useRouterState({ select: (state) => state.location.pathname.split('/')[3] ?? '' })
  const tenant = useTenant()
  if (!botId || !bot.data) return <span className="truncate font-strong md:hidden">{tenant.data?.name}</span>
  return (
    <>
      <Menu
        label={text.frame.switchBot}
        align="start"
        trigger={
          <button type="button" className="flex h-9 min-w-0 items-center gap-2 rounded-control px-2 hover:bg-hover">
            <span className="truncate font-medium">{bot.data.name}</span>
            <span className="text-small text-muted max-sm:hidden">
              <Status tone={bot.data.is_active ? 'success' : 'neutral'}>{bot.data.is_active ? text.frame.live(bot.data.revision) : text.frame.paused}</Status>
            </span>
            <ChevronDown size={16} aria-label={text.frame.switchBot} className="shrink-0" />
          </button>
        }
      >
        {(bots.data ?? []).map((one) => (
          <MenuItem key={one.id} checked={one.id === botId} onSelect={() => void navigate({ to: `/bots/${one.id}${tab ? `/${tab}` : ''}` })}>
            {one.name}
          </MenuItem>
        ))}
      </Menu>
      <BotChannels bot={bot.data} />
    </>
  )
}

/** Where the bot is, beside its name, on every one of its pages. */
function BotChannels({ bot }: { bot: BotRead }) {
  const { frame } = useText()
  if (badgesOf(bot).length === 0) return null
  return (
    <Link to="/bots/$botId/channels" params={{ botId: bot.id }} className="rounded-control p-1 no-underline hover:bg-hover max-md:hidden">
      <span className="sr-only">{frame.channels}: </span>
      <ChannelBadges bot={bot} most={4} />
    </Link>
  )
}

export function SearchButton({ onOpen }: { onOpen: () => void }) {
  const { frame } = useText()
  return (
    <>
      <button type="button" onClick={onOpen} className="flex h-9 w-56 items-center gap-2 rounded-control border bg-surface px-3 text-muted hover:border-line-strong max-md:hidden">
        <Search size={16} aria-hidden />
        <span className="flex-1 text-start">{frame.search}</span>
        <kbd className="rounded border px-1 font-sans text-small">⌘K</kbd>
      </button>
      <IconButton label={frame.search} onClick={onOpen} className={cx('md:hidden')}>
        <Search size={20} aria-hidden />
      </IconButton>
    </>
  )
}

function usePaletteKey() {
  const [open, setOpen] = useState(false)
  useEffect(() => {
    // Fetched while nothing else is done, so that it opens at once and no letter is lost.
    const soon = setTimeout(() => void loadPalette(), 2000)
    const onKey = (event: KeyboardEvent) => {
      if ((event.metaKey || event.ctrlKey) && event.key.toLowerCase() === 'k') {
        event.preventDefault()
        setOpen((before) => !before)
      }
    }
    addEventListener('keydown', onKey)
    return () => {
      clearTimeout(soon)
      removeEventListener('keydown', onKey)
    }
  }, [])
  return [open, setOpen] as const
}
