/**
 * Who is signed in. The access token lives in this module and nowhere else; what outlives it is in an HttpOnly cookie
 * that no script can read.
 */
import { OFFLINE, Problem, problemFrom, type Schemas } from '@shopwright/api'

type TokenPair = Schemas['TokenPair']

export type Realm = TokenPair['kind']
export type SessionState = { status: 'starting' } | { status: 'out' } | { status: 'in'; realm: Realm }

const REFRESH_EARLY_MS = 30_000

export class Session {
  #state: SessionState = { status: 'starting' }
  #access: string | null = null
  #expiresAt = 0
  #refreshing: Promise<boolean> | null = null
  #listeners = new Set<() => void>()
  methods: Schemas['Methods'] | null = null
  /** The server ended it: not a sign-out, not a first visit. */
  expired = false

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
  readonly snapshot = (): SessionState => this.#state

  /** Ask the server what it can do, and take up the session that the cookie holds, if any. */
  async start(): Promise<void> {
    const answer = await fetch('/v1/auth/methods').catch(() => null)
    this.methods = answer?.ok ? ((await answer.json()) as Schemas['Methods']) : null
    if (!(await this.refresh())) this.#set({ status: 'out' })
  }

  /** The parts a new sign-in needs; a second factor is answered with the `challenge` of the problem. */
  async signIn(realm: Realm, email: string, password: string): Promise<void> {
    this.adopt(await this.#post(realm === 'admin' ? '/admin/auth/login' : '/v1/auth/login', { email, password }))
  }

  async secondFactor(realm: Realm, challenge: string, code: string): Promise<void> {
    const base = realm === 'admin' ? '/admin/auth' : '/v1/auth'
    this.adopt(await this.#post(`${base}/login/second-factor`, { challenge, code }))
  }

  /** The shops that a sign-in opens, when it opens several; ended by choosing one of them. */
  async choices(choice: string): Promise<Schemas['MyTenant'][]> {
    return (await this.#send<Schemas['MyTenants']>('/v1/auth/login/tenants', { choice })).items
  }

  async choose(choice: string, tenantId: string): Promise<void> {
    this.adopt(await this.#post('/v1/auth/login/tenant', { choice, tenant_id: tenantId }))
  }

  /** Goes to another shop of the same person; the sign-in here ends. */
  async enter(tenantId: string): Promise<void> {
    const path = `/v1/tenant/me/tenants/${tenantId}/enter`
    const request = new Request(new URL(path, location.origin), { method: 'POST', headers: { 'x-session': 'cookie' } })
    const answer = await this.fetch(request).catch(() => { throw new Problem(0, OFFLINE, '') })
    if (!answer.ok) throw problemFrom(answer.status, await answer.json().catch(() => null))
    this.adopt((await answer.json()) as TokenPair)
  }

  async verifyEmail(token: string): Promise<void> {
    this.adopt(await this.#post('/v1/auth/verify-email', { token }))
  }

  async acceptInvitation(token: string, name: string, password: string): Promise<void> {
    this.adopt(await this.#post(`/v1/auth/invitations/${encodeURIComponent(token)}/accept`, { name, password }))
  }

  adopt(tokens: TokenPair): void {
    this.#access = tokens.access_token
    this.#expiresAt = Date.now() + tokens.expires_in * 1000
    this.expired = false
    this.#set({ status: 'in', realm: tokens.kind })
  }

  async signOut(): Promise<void> {
    await this.#post('/v1/auth/logout', {}).catch(() => undefined)
    this.end()
  }

  end(): void {
    this.#access = null
    this.#set({ status: 'out' })
  }

  /** A new access token; callers at the same moment share one request, and tabs wait for each other. */
  refresh(): Promise<boolean> {
    this.#refreshing ??= alone(() => this.#refresh()).finally(() => {
      this.#refreshing = null
    })
    return this.#refreshing
  }

  /** A request with the token; after a 401 it is tried once more with a new one. */
  readonly fetch = async (request: Request): Promise<Response> => {
    if (!this.#access) return fetch(request)
    if (Date.now() > this.#expiresAt - REFRESH_EARLY_MS) await this.refresh()
    const again = request.clone()
    const answer = await fetch(this.#signed(request))
    if (answer.status !== 401) return answer
    if (await this.refresh()) return fetch(this.#signed(again))
    return answer
  }

  /** A file, with its progress from 0 to 1: the one thing that `fetch` cannot tell. */
  async upload(path: string, body: FormData, onProgress: (share: number) => void): Promise<unknown> {
    if (Date.now() > this.#expiresAt - REFRESH_EARLY_MS) await this.refresh()
    return new Promise((done, fail) => {
      const request = new XMLHttpRequest()
      request.open('POST', path)
      request.responseType = 'json'
      if (this.#access) request.setRequestHeader('authorization', `Bearer ${this.#access}`)
      request.upload.addEventListener('progress', ({ loaded, total }) => onProgress(total ? loaded / total : 0))
      request.addEventListener('error', () => fail(new Problem(0, OFFLINE, '')))
      request.addEventListener('load', () => (request.status < 300 ? done(request.response) : fail(problemFrom(request.status, request.response))))
      request.send(body)
    })
  }

  #signed(request: Request): Request {
    if (this.#access) request.headers.set('authorization', `Bearer ${this.#access}`)
    return request
  }

  async #refresh(): Promise<boolean> {
    try {
      const before = this.#access && whoseToken(this.#access)
      const tokens = await this.#post('/v1/auth/refresh', {})
      this.adopt(tokens)
      // Another tab went to another shop, or somebody else signed in there: nothing on this page is theirs.
      if (before && before !== whoseToken(tokens.access_token)) location.assign('/')
      return true
    } catch (error) {
      // Only the server's word ends a session; a lost connection does not.
      if (error instanceof Problem && error.status >= 400 && error.status < 500 && error.status !== 429) {
        this.expired = this.#state.status === 'in'
        this.end()
      }
      return false
    }
  }

  #post(path: string, body: unknown): Promise<TokenPair> {
    return this.#send<TokenPair>(path, body)
  }

  async #send<T>(path: string, body: unknown): Promise<T> {
    const headers = { 'content-type': 'application/json', 'x-session': 'cookie' }
    const answer = await fetch(path, { method: 'POST', headers, body: JSON.stringify(body) }).catch(() => {
      throw new Problem(0, OFFLINE, '')
    })
    if (!answer.ok) throw problemFrom(answer.status, await answer.json().catch(() => null))
    return (answer.status === 204 ? {} : await answer.json()) as T
  }

  #set(state: SessionState): void {
    this.#state = state
    for (const listener of this.#listeners) listener()
  }
}

/** A rotated refresh token works once: two tabs that refresh together would end the session. */
function alone<T>(work: () => Promise<T>): Promise<T> {
  return navigator.locks ? (navigator.locks.request('shopwright-session', work) as Promise<T>) : work()
}

/** The person and the shop that an access token speaks for. */
function whoseToken(token: string): string {
  try {
    const { sub, ten } = JSON.parse(atob((token.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/'))) as { sub: string; ten: string }
    return `${ten}/${sub}`
  } catch {
    return ''
  }
}

export const session = new Session()
