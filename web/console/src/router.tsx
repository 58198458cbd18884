/** Every address of the console. What is open beside a list stands in the search part, so that links can be sent. */
import { createRootRoute, createRoute, createRouter, lazyRouteComponent, Outlet, redirect } from '@tanstack/react-router'
import { Frame } from './frame/Frame'
import { Broken, Missing } from './frame/Missing'
import { session, type Realm } from './session'

type Search = Record<string, string | undefined>
/** All search values are text; what is not is dropped. */
const texts = (given: Record<string, unknown>): Search =>
  Object.fromEntries(Object.entries(given).filter(([, value]) => ['string', 'number', 'boolean'].includes(typeof value)).map(([name, value]) => [name, String(value)]))

function needs(realm: Realm, href: string): void {
  const state = session.snapshot()
  const signIn = realm === 'admin' ? '/administration/sign-in' : '/sign-in'
  if (state.status !== 'in') throw redirect({ to: signIn, search: href === '/' || href === '/administration' ? {} : { next: href } })
  if (state.realm !== realm) throw redirect({ to: state.realm === 'admin' ? '/administration' : '/' })
}

const root = createRootRoute({ component: Outlet, notFoundComponent: Missing, errorComponent: Broken })
const open = createRoute({ getParentRoute: () => root, id: 'open', validateSearch: texts, component: lazyRouteComponent(() => import('./screens/auth/Door'), 'Door') })
const member = createRoute({
  getParentRoute: () => root,
  id: 'member',
  validateSearch: texts,
  beforeLoad: ({ location }) => needs('member', location.href),
  component: Frame,
  notFoundComponent: Missing,
})
type Screen = React.ComponentType
const lazy = (load: () => Promise<Screen>) => lazyRouteComponent(async () => ({ default: await load() }))
const page = (path: string, load: () => Promise<Screen>, parent: typeof member | typeof open = member) =>
  createRoute({ getParentRoute: () => parent as typeof member, path, component: lazy(load) })

const signIn = () => import('./screens/auth/SignIn')
const auth = () => import('./screens/auth/screens')
const doors = [
  page('/sign-in', async () => (await signIn()).SignIn, open),
  page('/administration/sign-in', async () => (await signIn()).AdminSignIn, open),
  page('/sign-up', async () => (await auth()).SignUp, open),
  page('/verify-email', async () => (await auth()).VerifyEmail, open),
  page('/forgot-password', async () => (await auth()).ForgotPassword, open),
  page('/reset-password', async () => (await auth()).ResetPassword, open),
  page('/invitation', async () => (await auth()).Invitation, open),
]

const bot = createRoute({ getParentRoute: () => member, path: '/bots/$botId', component: lazy(async () => (await import('./screens/bot/BotFrame')).BotFrame) })
const ofBot = (path: string, load: () => Promise<Screen>) => createRoute({ getParentRoute: () => bot, path, component: lazy(load) })
const botPages = [
  ofBot('/', async () => (await import('./screens/bot/Overview')).Overview),
  ofBot('/try', async () => (await import('./screens/bot/Playground')).Playground),
  ofBot('/platforms', async () => (await import('./screens/lab/Lab')).Lab),
  ofBot('/answers', async () => (await import('./screens/bot/Answers')).Answers),
  ofBot('/topics', async () => (await import('./screens/bot/Topics')).Topics),
  ofBot('/knowledge', async () => (await import('./screens/bot/BotKnowledge')).BotKnowledge),
  ofBot('/look', async () => (await import('./screens/bot/Look')).Look),
  ofBot('/channels', async () => (await import('./screens/channels/Channels')).BotChannels),
  ofBot('/live', async () => (await import('./screens/bot/GoLive')).GoLive),
  ofBot('/access', async () => (await import('./screens/bot/Access')).Access),
]

const settings = createRoute({ getParentRoute: () => member, path: '/settings', component: lazy(async () => (await import('./screens/settings/SettingsFrame')).SettingsFrame) })
const ofSettings = (path: string, load: () => Promise<Screen>) => createRoute({ getParentRoute: () => settings, path, component: lazy(load) })
const settingsPages = [
  createRoute({ getParentRoute: () => settings, path: '/', beforeLoad: () => { throw redirect({ to: '/settings/shop', replace: true }) } }),
  ofSettings('/shop', async () => (await import('./screens/settings/Shop')).Shop),
  ofSettings('/team', async () => (await import('./screens/settings/Team')).Team),
  ofSettings('/providers', async () => (await import('./screens/settings/Providers')).Providers),
  ofSettings('/usage', async () => (await import('./screens/settings/Usage')).Usage),
  ofSettings('/audit', async () => (await import('./screens/settings/Audit')).Audit),
  ofSettings('/profile', async () => (await import('./screens/settings/Profile')).Profile),
]

const pages = [
  page('/', async () => (await import('./screens/Home')).Home),
  page('/bots', async () => (await import('./screens/Bots')).Bots),
  bot.addChildren(botPages),
  page('/conversations', async () => (await import('./screens/Conversations')).Conversations),
  page('/conversations/contacts', async () => (await import('./screens/contacts/Contacts')).Contacts),
  page('/channels', async () => (await import('./screens/channels/Channels')).Channels),
  page('/channels/letters', async () => (await import('./screens/channels/Letters')).Letters),
  page('/clients', async () => (await import('./screens/Clients')).Clients),
  page('/onboarding', async () => (await import('./screens/onboarding/Onboarding')).Onboarding),
  page('/more', async () => (await import('./screens/More')).More),
  settings.addChildren(settingsPages),
  page('/knowledge', async () => (await import('./screens/knowledge/Datasets')).Datasets),
  page('/knowledge/$datasetId', async () => (await import('./screens/knowledge/Dataset')).Dataset),
]

const admin = createRoute({
  getParentRoute: () => root,
  id: 'admin',
  validateSearch: texts,
  beforeLoad: ({ location }) => needs('admin', location.href),
  component: lazy(async () => (await import('./screens/administration/AdminFrame')).AdminFrame),
  notFoundComponent: Missing,
})
const ofAdmin = (path: string, load: () => Promise<Screen>) => createRoute({ getParentRoute: () => admin, path: `/administration${path}`, component: lazy(load) })
const adminPages = [
  ofAdmin('', async () => (await import('./screens/administration/Tenants')).Tenants),
  ofAdmin('/providers', async () => (await import('./screens/administration/GlobalProviders')).GlobalProviders),
  ofAdmin('/key', async () => (await import('./screens/administration/GlobalKey')).GlobalKey),
  ofAdmin('/system', async () => (await import('./screens/administration/System')).System),
  ofAdmin('/health', async () => (await import('./screens/administration/Health')).AdminHealth),
  ofAdmin('/sign-in-services', async () => (await import('./screens/administration/Oidc')).Oidc),
  ofAdmin('/more', async () => (await import('./screens/More')).AdminMore),
  ofAdmin('/people', async () => (await import('./screens/administration/People')).People),
  ofAdmin('/audit', async () => (await import('./screens/settings/Audit')).AdminAudit),
  ofAdmin('/profile', async () => (await import('./screens/administration/AdminProfile')).AdminProfile),
]

export const router = createRouter({
  routeTree: root.addChildren([open.addChildren(doors), member.addChildren(pages), admin.addChildren(adminPages)]),
  defaultPreload: 'intent',
  parseSearch: (search) => Object.fromEntries(new URLSearchParams(search)),
  stringifySearch: (search) => {
    const given = Object.entries(search).filter(([, value]) => value !== undefined && value !== '')
    return given.length ? `?${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}` : ''
  },
  scrollRestoration: true,
})
