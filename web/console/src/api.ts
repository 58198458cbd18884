import { createApi, Problem, read } from '@shopwright/api'
import { QueryClient } from '@tanstack/react-query'
import { session } from './session'

export const api = createApi({ fetch: session.fetch, baseUrl: location.origin })
export { read }

export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      retry: (failures, error) => failures < 2 && !(error instanceof Problem && error.status >= 400 && error.status < 500),
      refetchOnWindowFocus: true,
    },
    mutations: { retry: false },
  },
})
