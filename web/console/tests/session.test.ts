import { beforeEach, describe, expect, it, vi } from 'vitest'
import { Session } from '../src/session'
import { ownPath } from '../src/screens/auth/ownPath'

const pair = (name: string, kind = 'member') => ({ access_token: `at_${name}`, refresh_token: null, expires_in: 3600, token_type: 'bearer', kind })
const answer = (status: number, body: unknown = {}) => new Response(JSON.stringify(body), { status })
const request = () => new Request('http://shop.example/v1/tenant')

/** A server that answers by path, and remembers what it was asked. */
function server(answers: Record<string, () => Response>) {
  const asked: { path: string; body: string; headers: Headers }[] = []
  vi.stubGlobal('fetch', async (input: Request | string, init?: RequestInit) => {
    const path = new URL(typeof input === 'string' ? input : input.url, 'http://shop.example').pathname
    const headers = new Headers(typeof input === 'string' ? init?.headers : input.headers)
    asked.push({ path, body: String(init?.body ?? ''), headers })
    return answers[path]?.() ?? answer(404, { code: 'no_such_path' })
  })
  return asked
}

beforeEach(() => vi.stubGlobal('navigator', {}))

describe('a session', () => {
  it('is taken up from the cookie when the server has such sessions', async () => {
    const asked = server({ '/v1/auth/methods': () => answer(200, { password: true }), '/v1/auth/refresh': () => answer(200, pair('a')) })
    const session = new Session()
    await session.start()
    expect(session.snapshot()).toEqual({ status: 'in', realm: 'member' })
    expect(asked[1]?.headers.get('x-session')).toBe('cookie')
    expect(asked[1]?.body).toBe('{}')
  })
  it('sends every sign-in as one of a browser, and knows whom it is for', async () => {
    const asked = server({ '/v1/auth/refresh': () => answer(401), '/admin/auth/login': () => answer(200, pair('a', 'admin')) })
    const session = new Session()
    await session.start()
    expect(session.snapshot().status).toBe('out')
    await session.signIn('admin', 'a@b.example', 'secret')
    expect(session.snapshot()).toEqual({ status: 'in', realm: 'admin' })
    expect(asked.at(-1)?.headers.get('x-session')).toBe('cookie')
    expect(JSON.stringify({ ...localStorage })).not.toContain('at_a')
  })
  it('refreshes once for many refused requests and repeats them', async () => {
    let valid = 'a'
    const asked = server({
      '/v1/auth/login': () => answer(200, pair('a')),
      '/v1/auth/refresh': () => answer(200, pair((valid = 'b'))),
      '/v1/tenant': () => (asked.at(-1)?.headers.get('authorization')?.endsWith(valid) && valid === 'b' ? answer(200) : answer(401)),
    })
    const session = new Session()
    await session.start()
    await session.signIn('member', 'a@b.example', 'secret')
    const before = asked.filter(({ path }) => path === '/v1/auth/refresh').length
    valid = 'a'
    const answers = await Promise.all([1, 2, 3].map(() => session.fetch(request())))
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200])
    expect(asked.filter(({ path }) => path === '/v1/auth/refresh')).toHaveLength(1 + before)
  })
  it('ends when the server refuses to refresh, but not when it is away', async () => {
    let status = 503
    server({ '/v1/auth/login': () => answer(200, pair('a')), '/v1/auth/refresh': () => answer(status), '/v1/tenant': () => answer(401) })
    const session = new Session()
    await session.start()
    await session.signIn('member', 'a@b.example', 'secret')
    await session.fetch(request())
    expect(session.snapshot().status).toBe('in')
    status = 401
    await session.fetch(request())
    expect(session.snapshot().status).toBe('out')
    expect(session.expired).toBe(true)
  })
})

it('a page to return to is one of our own', () => {
  expect(ownPath('/bots/1?document=2', '/')).toBe('/bots/1?document=2')
  for (const next of ['https://evil.example', '//evil.example', '/\\evil.example', 'javascript:alert(1)', undefined]) expect(ownPath(next, '/')).toBe('/')
})
