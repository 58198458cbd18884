import type { ApiClient, Schemas } from '@shopwright/api'
import { useQuery } from '@tanstack/react-query'
import { api, queries, read } from '../api'

type Me = Schemas['Me']

/** All items of a list, page by page; lists that can be long have their own paging. */
export async function readAll<T>(page: (cursor: string | undefined) => Promise<{ items: T[]; next_cursor: string | null }>, most = 1000): Promise<T[]> {
  const all: T[] = []
  let cursor: string | undefined
  do {
    const { items, next_cursor } = await page(cursor)
    all.push(...items)
    cursor = next_cursor ?? undefined
  } while (cursor && all.length < most)
  return all
}
export const at = (cursor: string | undefined, limit = 100) => ({ limit, ...(cursor ? { cursor } : {}) })
export type Api = ApiClient
export type BotRead = Schemas['BotRead']

export const useMe = () => useQuery<Me>({ queryKey: ['me'], queryFn: () => read(api.GET('/v1/tenant/me')), staleTime: 60_000 })
export const useTenant = () => useQuery({ queryKey: ['tenant'], queryFn: () => read(api.GET('/v1/tenant')), staleTime: 60_000 })
export const useBots = () =>
  useQuery({ queryKey: ['bots'], queryFn: () => readAll((cursor) => read(api.GET('/v1/tenant/bots', { params: { query: at(cursor) } }))) })
export const useKeys = () =>
  useQuery({ queryKey: ['keys'], queryFn: () => readAll((cursor) => read(api.GET('/v1/tenant/api-keys', { params: { query: at(cursor) } }))) })
export const useBot = (id: string | undefined) =>
  useQuery({
    queryKey: ['bots', id],
    enabled: Boolean(id),
    queryFn: () => read(api.GET('/v1/tenant/bots/{bot_id}', { params: { path: { bot_id: id ?? '' } } })),
  })

/** What a role may do; the server decides, this only hides buttons that would be refused. */
const WRITERS: Record<string, ReadonlySet<string>> = {
  bots: new Set(['owner', 'admin', 'editor']),
  team: new Set(['owner', 'admin']),
  contacts: new Set(['owner', 'admin', 'editor', 'operator']),
}
export function useMay(what: keyof typeof WRITERS): boolean {
  const me = useMe()
  return WRITERS[what]?.has(me.data?.role ?? 'owner') ?? false
}

export function refreshBot(id: string): void {
  void queries.invalidateQueries({ queryKey: ['bots'] })
  void queries.invalidateQueries({ queryKey: ['readiness', id] })
  void queries.invalidateQueries({ queryKey: ['overview', id] })
}
