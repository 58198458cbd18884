/** Bots on platforms: what is read of them, how each stands, and the one thing that mends it. */
import type { Schemas } from '@shopwright/api'
import { useQuery } from '@tanstack/react-query'
import { api, queries, read } from '../api'
import { at, readAll, type BotRead } from './account'

export type ChannelForm = Schemas['ChannelRead']
export type Deployment = Schemas['DeploymentRead']
export type Reason = Deployment['reason']
export type Stored = Schemas['CredentialsRead']
/** What a bot itself says of a platform: enough for its badge. */
export type Badge = Pick<Deployment, 'status' | 'reason' | 'registered_at'> & { channel: string; deployment_id: string }

export const useChannels = () => useQuery({ queryKey: ['channels'], staleTime: 600_000, queryFn: async () => (await read(api.GET('/v1/tenant/channels'))).items })

/** Of one bot, or of all. */
export const useDeployments = (botId?: string) =>
  useQuery({
    queryKey: ['deployments', botId ?? 'all'],
    queryFn: () =>
      readAll((cursor) =>
        botId
          ? read(api.GET('/v1/tenant/bots/{bot_id}/deployments', { params: { path: { bot_id: botId }, query: at(cursor) } }))
          : read(api.GET('/v1/tenant/deployments', { params: { query: at(cursor) } })),
      ),
  })

export const useDeployment = (id: string | undefined) =>
  useQuery({
    queryKey: ['deployment', id],
    enabled: Boolean(id),
    queryFn: () => read(api.GET('/v1/tenant/deployments/{deployment_id}', { params: { path: { deployment_id: id ?? '' } } })),
  })

/** What a client has stored for platforms, secrets as dots. */
export const useStored = (clientId: string | null | undefined) =>
  useQuery({
    queryKey: ['credentials', clientId],
    enabled: Boolean(clientId),
    queryFn: () => read(api.GET('/v1/tenant/clients/{client_id}/credentials', { params: { path: { client_id: clientId ?? '' } } })),
  })

export function refreshDeployments(): void {
  for (const name of ['deployments', 'deployment', 'bots', 'letters']) void queries.invalidateQueries({ queryKey: [name] })
}

export async function connect(id: string): Promise<Deployment> {
  const done = await read(api.POST('/v1/tenant/deployments/{deployment_id}/connect', { params: { path: { deployment_id: id } } }))
  queries.setQueryData(['deployment', id], (before: Deployment | undefined) => ({ ...done, manual_steps: before?.manual_steps ?? [] }))
  refreshDeployments()
  return done
}

export async function switchOn(id: string): Promise<Deployment> {
  await api.POST('/v1/tenant/deployments/{deployment_id}/enable', { params: { path: { deployment_id: id } } })
  return connect(id)
}

/** Nothing said about how the bot behaves there. */
export const NO_SETTINGS: Schemas['DeploymentSettings'] = { template: '', template_takes_text: false, silence_hours: null }

/** Channels of these have no address that the platform calls. */
const READ_BY_US = new Set(['email'])
export const hasAddress = ({ channel }: Pick<Deployment, 'channel'>) => !READ_BY_US.has(channel)

/** What these gave has no end; of others it is asked. */
const WITHOUT_END = new Set(['telegram', 'slack', 'twilio', 'email', 'line', 'http'])
export const mayEnd = (channel: string) => !WITHOUT_END.has(channel)

export type Stand = 'connected' | 'attention' | 'open' | 'off'
const STANDS: Record<Deployment['status'], Stand> = { connected: 'connected', degraded: 'attention', failed: 'attention', pending: 'open', disabled: 'off' }
export const standOf = ({ status }: Pick<Deployment, 'status'>): Stand => STANDS[status]

const NEED: Stand[] = ['attention', 'open', 'connected', 'off']
/** What needs somebody first, then the newest. */
export const byNeed = <T extends Pick<Deployment, 'status' | 'created_at'>>(all: readonly T[]): T[] =>
  all.toSorted((a, b) => NEED.indexOf(standOf(a)) - NEED.indexOf(standOf(b)) || b.created_at.localeCompare(a.created_at))

/** What the platform itself said, without the server's words before it. */
export function saidBy({ reason, detail }: Pick<Deployment, 'reason' | 'detail'>): string {
  const cut = detail.indexOf(': ')
  return cut > 0 && (reason === 'credentials' || reason === 'address' || reason === 'away' || reason === 'off') ? detail.slice(cut + 2) : detail
}

/** The one button that mends it. */
export type Mend = 'connect' | 'retry' | 'steps' | 'keys' | 'probe' | 'on'
const MENDS: Record<Exclude<Reason, ''>, Mend> = {
  no_keys: 'steps', not_tried: 'connect', by_hand: 'steps', moved: 'connect', credentials: 'keys', revoked: 'keys', token_ended: 'keys', token_ends: 'keys',
  address: 'retry', away: 'retry', not_allowed: 'retry', silent: 'probe', off: 'on',
}
export function mendOf({ status, reason }: Pick<Deployment, 'status' | 'reason'>): Mend | null {
  if (status === 'connected') return null
  return reason ? MENDS[reason] : status === 'disabled' ? 'on' : 'retry'
}

const DAY_MS = 86_400_000
/** Said before anything is wrong: whole days until the token ends, when that is less than a month away. */
export function tokenEndsIn({ status, token_expires_at: ends }: Pick<Deployment, 'status' | 'token_expires_at'>, now = Date.now()): number | null {
  if (!ends || status === 'disabled') return null
  const days = Math.ceil((Date.parse(ends) - now) / DAY_MS)
  return days > 0 && days <= 30 ? days : null
}

/** Platforms call us from outside: an address of this machine is of no use to them. */
export const isLocal = (url: string) => /^https?:\/\/(localhost|127\.[\d.]+|\[::1\])(:\d+)?(\/|$)/.test(url)

/** Only what was typed: what is left empty stays as it is stored. */
export const typed = (given: Record<string, string>): Record<string, string> => Object.fromEntries(Object.entries(given).map(([name, value]) => [name, value.trim()]).filter(([, value]) => value))

/** A form that has all it needs, from what is stored or typed. */
export const isComplete = (form: ChannelForm, given: Record<string, string>) => form.fields.every(({ name, required }) => !required || Boolean(given[name]?.trim()))

export const storedFor = (stored: readonly Stored[] | undefined, channel: string): Stored | undefined => stored?.find((one) => one.channel === channel && one.missing.length === 0)

/** Where a bot is, as its own row says: the platforms in the order they are offered. */
export function badgesOf(bot: Pick<BotRead, 'deployment_status'>): Badge[] {
  return Object.entries(bot.deployment_status)
    .map(([channel, stands]) => Object.assign({ channel }, stands as Omit<Badge, 'channel'>))
    .filter(({ status }) => status in STANDS)
    .toSorted((a, b) => ORDER.indexOf(a.channel) - ORDER.indexOf(b.channel))
}
const ORDER = ['telegram', 'whatsapp', 'messenger', 'instagram', 'slack', 'teams', 'twilio', 'email', 'line', 'http']
