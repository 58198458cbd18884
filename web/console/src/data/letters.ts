/** What could not be answered or delivered. */
import type { Schemas } from '@shopwright/api'
import { useInfiniteQuery } from '@tanstack/react-query'
import { api, read } from '../api'
import { at } from './account'

export type Letter = Schemas['LetterRead']
export interface LetterFilters {
  bot_id?: string
  deployment_id?: string
}

export const useLetters = (filters: LetterFilters) =>
  useInfiniteQuery({
    queryKey: ['letters', filters],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) => read(api.GET('/v1/tenant/dead-letters', { params: { query: { ...at(pageParam, 50), ...filters } } })),
    getNextPageParam: (last) => last.next_cursor ?? undefined,
  })
