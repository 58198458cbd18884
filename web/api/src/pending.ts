/**
 * Paths that are agreed on but not yet in the generated description. When `make web-api` brings one, its entry goes;
 * nothing else changes, since callers use the same client for both.
 */
import type { components } from './schema'

type S = components['schemas']
type Json<T> = { content: { 'application/json': T } }
type None = Record<never, never>
type Op<Result, Given = never, Path = None, Query = None> = {
  parameters: { query?: Query; header?: never; cookie?: never } & ([keyof Path] extends [never] ? { path?: never } : { path: Path })
  responses: { 200: { headers: Record<string, unknown> } & Json<Result> }
} & ([Given] extends [never] ? { requestBody?: never } : { requestBody: Json<Given> })
type List<T> = { items: T[]; next_cursor: string | null }
type Cursor = { limit?: number; cursor?: string }

export interface AuthMethods {
  password: boolean
  sign_up: boolean
  oidc: { slug: string; name: string }[]
  mail: { configured: boolean; folder: string | null }
}
export type Tokens = Omit<S['TokenPair'], 'refresh_token'> & { refresh_token: string | null }
export type Me = S['MemberRead'] & {
  language?: string | null
  tenant?: { id: string; name: string; slug: string }
  permissions?: S['Permission'][]
  two_factor?: boolean
  client_id?: string | null
}
export interface AdminMe {
  id: string
  email: string
  name: string
  two_factor?: boolean
}
export interface SessionRead {
  id: string
  created_at: string
  last_used_at: string | null
  user_agent: string
  address: string
  current: boolean
}
export interface InvitationRead {
  id: string
  email: string
  role: S['Role']
  client_id: string | null
  expires_at: string
  invited_by: string
  status: string
}
export interface OidcProvider {
  id: string
  slug: string
  name: string
  issuer: string
  client_id: string
  client_secret?: string | null
  scopes: string[] | string
  is_active: boolean
  allow_sign_up: boolean
}
export interface CrawlRead {
  id: string
  url: string
  status: 'queued' | 'running' | 'completed' | 'failed' | 'cancelled'
  stage: string | null
  pages_found: number
  pages_read: number
  pages_skipped: number
  pages_failed: number
  error: string | null
  created_at: string
  finished_at: string | null
}
export interface CrawlPage {
  id: string
  url: string
  title: string | null
  status: 'found' | 'read' | 'skipped' | 'failed'
  reason_code: string | null
  reason: string | null
  document_id: string | null
  at: string
}
export interface ThemeColours {
  accent: string
  on_accent: string
  background: string
  surface: string
  text: string
  muted: string
  border: string
  bubble_bot: string
  bubble_visitor: string
  on_bubble_visitor: string
}
export interface Theme {
  icon_id: string | null
  accent: string
  light: ThemeColours
  dark: ThemeColours
  radius: number
  position: 'right' | 'left'
  font: 'system'
}
export interface IconCreated {
  icon_id: string
  url: string
  theme: Theme
}
export interface ThemeCheck {
  theme: Theme
  problems: { pair: string; ratio: number; needed: number; suggestion: string }[]
}
export interface SearchWhy {
  words: number
  vector: number
  exact: string[]
  rank: number
}
export type ExplainedHit = S['SearchHit'] & { why?: SearchWhy }
export interface DocumentUsage {
  document_id: string
  title: string
  citations: number
  last_cited_at: string | null
}
export interface Onboarding {
  step: 'icon' | 'knowledge' | 'train' | 'create' | 'done'
  name: string | null
  icon_id: string | null
  dataset_id: string | null
  bot_id: string | null
  website: string | null
  updated_at?: string
}
export interface ClientRead {
  id: string
  name: string
  email: string | null
  phone: string | null
  website: string | null
  notes: string | null
  created_at?: string
}
export type ClientWrite = Partial<Omit<ClientRead, 'id' | 'created_at'>>
export interface CredentialsRead {
  channel: string
  fields: Record<string, string>
  updated_at: string
}
export interface CredentialForm {
  channel: string
  name: string
  fields: { name: string; label: string; secret: boolean; required: boolean; hint: string | null; pattern: string | null }[]
}
export interface UsageRead {
  days: UsageDay[]
  totals: Omit<UsageDay, 'day'>
  currency: string
}
export interface UsageDay {
  day: string
  turns: number
  answered: number
  declined: number
  refused: number
  handoff: number
  prompt_tokens: number
  completion_tokens: number
  cost_minor: number
}
export interface BotOverview {
  bot_id: string
  live: boolean
  healthy: boolean
  revision: number
  week: { conversations: number; turns: number; answered: number; declined: number; refused: number; handoff: number; up: number; down: number }
  unanswered: { text: string; at: string; message_id: string; conversation_id: string }[]
  top_documents: { document_id: string; title: string; citations: number }[]
  next_steps: { code: string; title: string; detail: string; link: string }[]
}
export type ConversationItem = S['ConversationRead'] & {
  last_message?: string | null
  rating?: string | null
  outcomes?: string[] | Record<string, number>
}
export interface TwoFactorStart {
  secret: string
  uri: string
  qr_svg: string
}

type Dataset = { dataset_id: string }
type Crawl = Dataset & { crawl_id: string }
type Client = { client_id: string }

export interface PendingPaths {
  '/v1/auth/methods': { get: Op<AuthMethods> }
  '/v1/auth/sign-up': { post: Op<{ status: string }, { email: string; password: string; name: string; tenant_name: string; language?: string }> }
  '/v1/auth/verify-email': { post: Op<Tokens, { token: string }> }
  '/v1/auth/verify-email/resend': { post: Op<unknown, { email: string }> }
  '/v1/auth/password/forgot': { post: Op<unknown, { email: string }> }
  '/v1/auth/password/reset': { post: Op<unknown, { token: string; password: string }> }
  '/v1/auth/invitations/{token}': { get: Op<{ email: string; tenant_name: string; role: string }, never, { token: string }> }
  '/v1/auth/invitations/{token}/accept': { post: Op<Tokens, { name: string; password: string }, { token: string }> }
  '/v1/tenant/me': { get: Op<Me>; patch: Op<Me, { name?: string; language?: string }> }
  '/v1/tenant/me/password': { post: Op<unknown, { current: string; new: string }> }
  '/v1/tenant/me/sessions': { get: Op<List<SessionRead>>; delete: Op<unknown> }
  '/v1/tenant/me/sessions/{session_id}': { delete: Op<unknown, never, { session_id: string }> }
  '/v1/tenant/me/two-factor': { post: Op<TwoFactorStart, { password: string }> }
  '/v1/tenant/me/two-factor/confirm': { post: Op<{ recovery_codes: string[] }, { code: string }> }
  '/v1/tenant/me/two-factor/recovery-codes': { post: Op<{ recovery_codes: string[] }, { password: string }> }
  '/v1/tenant/me/two-factor/disable': { post: Op<unknown, { password: string }> }
  '/v1/tenant/invitations': { get: Op<List<InvitationRead>>; post: Op<InvitationRead, { email: string; role: S['Role']; client_id?: string | null }> }
  '/v1/tenant/invitations/{invitation_id}': { delete: Op<unknown, never, { invitation_id: string }> }
  '/v1/tenant/invitations/{invitation_id}/resend': { post: Op<unknown, never, { invitation_id: string }> }
  '/admin/me': { get: Op<AdminMe> }
  '/admin/me/sessions': { get: Op<List<SessionRead>>; delete: Op<unknown> }
  '/admin/me/sessions/{session_id}': { delete: Op<unknown, never, { session_id: string }> }
  '/admin/me/two-factor': { post: Op<TwoFactorStart, { password: string }> }
  '/admin/me/two-factor/confirm': { post: Op<{ recovery_codes: string[] }, { code: string }> }
  '/admin/me/two-factor/recovery-codes': { post: Op<{ recovery_codes: string[] }, { password: string }> }
  '/admin/me/two-factor/disable': { post: Op<unknown, { password: string }> }
  '/admin/oidc-providers': { get: Op<List<OidcProvider>>; post: Op<OidcProvider, Omit<OidcProvider, 'id'>> }
  '/admin/oidc-providers/{provider_id}': {
    patch: Op<OidcProvider, Partial<Omit<OidcProvider, 'id'>>, { provider_id: string }>
    delete: Op<unknown, never, { provider_id: string }>
  }
  '/v1/tenant/datasets/{dataset_id}/crawls': {
    get: Op<List<CrawlRead>, never, Dataset, Cursor>
    post: Op<CrawlRead, { url: string; max_pages?: number; max_depth?: number; include?: string[]; exclude?: string[] }, Dataset>
  }
  '/v1/tenant/datasets/{dataset_id}/crawls/{crawl_id}': { get: Op<CrawlRead, never, Crawl> }
  '/v1/tenant/datasets/{dataset_id}/crawls/{crawl_id}/pages': { get: Op<List<CrawlPage>, never, Crawl, Cursor & { status?: string }> }
  '/v1/tenant/datasets/{dataset_id}/crawls/{crawl_id}/cancel': { post: Op<CrawlRead, never, Crawl> }
  '/v1/tenant/datasets/{dataset_id}/crawls/{crawl_id}/repeat': { post: Op<CrawlRead, never, Crawl> }
  '/v1/tenant/datasets/{dataset_id}/documents/usage': { get: Op<List<DocumentUsage>, never, Dataset, Cursor & { unused?: boolean }> }
  '/v1/tenant/datasets/{dataset_id}/search': { post: Op<{ items: ExplainedHit[] }, { query: string; limit?: number; explain?: boolean }, Dataset> }
  '/v1/tenant/theme/check': { post: Op<ThemeCheck, { theme: Theme }> }
  '/v1/tenant/onboarding': { get: Op<Onboarding>; put: Op<Onboarding, Omit<Onboarding, 'updated_at'>> }
  '/v1/tenant/clients': { get: Op<List<ClientRead>, never, None, Cursor>; post: Op<ClientRead, ClientWrite> }
  '/v1/tenant/clients/{client_id}': {
    get: Op<ClientRead, never, Client>
    patch: Op<ClientRead, ClientWrite, Client>
    delete: Op<unknown, never, Client, { confirm: string }>
  }
  '/v1/tenant/clients/{client_id}/credentials': { get: Op<List<CredentialsRead>, never, Client> }
  '/v1/tenant/clients/{client_id}/credentials/{channel}': {
    put: Op<CredentialsRead, { fields: Record<string, string | null> }, Client & { channel: string }>
    delete: Op<unknown, never, Client & { channel: string }>
  }
  '/v1/tenant/credential-forms': { get: Op<List<CredentialForm>> }
  '/v1/tenant/bots/{bot_id}/move': { post: Op<unknown, { client_id: string | null }, { bot_id: string }> }
  '/v1/tenant/bots/{bot_id}/overview': { get: Op<BotOverview, never, { bot_id: string }> }
  '/v1/tenant/usage': { get: Op<UsageRead, never, None, { from?: string; to?: string; bot_id?: string }> }
  '/v1/tenant/conversations': {
    get: Op<
      List<ConversationItem>,
      never,
      None,
      Cursor & { bot_id?: string; client_id?: string; outcome?: string; rating?: string; q?: string; from?: string; to?: string }
    >
  }
}
