/** The typed client. Every refusal is thrown as a `Problem`, so that callers read data and nothing else. */
import createClient, { type Client, type Middleware } from 'openapi-fetch'
import { OFFLINE, Problem, problemFrom } from './problem'
import type { paths } from './schema'

export type ApiClient = Client<paths>

export function createApi(options: { fetch: (request: Request) => Promise<Response>; baseUrl?: string }): ApiClient {
  const client = createClient<paths>({ baseUrl: options.baseUrl ?? '', fetch: options.fetch })
  client.use(throwProblems)
  return client
}

const throwProblems: Middleware = {
  async onResponse({ response }) {
    if (response.ok) return undefined
    throw problemFrom(response.status, await response.json().catch(() => null))
  },
  onError({ error }) {
    if (error instanceof Problem || (error instanceof DOMException && error.name === 'AbortError')) return error as Error
    return new Problem(0, OFFLINE, '')
  },
}

/** The data of an answer; refusals were thrown before. */
export async function read<T>(answer: Promise<{ data?: T; error?: unknown }>): Promise<T> {
  return (await answer).data as T
}
