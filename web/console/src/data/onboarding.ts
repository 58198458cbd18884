/** Where somebody is in setting up a bot. The server keeps it; where it cannot, this browser does. */
import { Problem, type Onboarding, type Theme } from '@shopwright/api'
import { useQuery } from '@tanstack/react-query'
import { api, queries, read } from '../api'
import { isTheme } from './theme'

const KEPT = 'shopwright.onboarding'
const THEME = 'shopwright.onboarding.theme'
export const FRESH: Onboarding = { step: 'icon', name: null, icon_id: null, dataset_id: null, bot_id: null, website: null }

function local(): Onboarding {
  try {
    return { ...FRESH, ...(JSON.parse(localStorage.getItem(KEPT) ?? '{}') as Partial<Onboarding>) }
  } catch {
    return FRESH
  }
}

export function useOnboarding() {
  return useQuery({
    queryKey: ['onboarding-state'],
    staleTime: Infinity,
    queryFn: async () => {
      try {
        return await read(api.GET('/v1/tenant/onboarding'))
      } catch (error) {
        if (error instanceof Problem && error.unknownPath) return local()
        throw error
      }
    },
  })
}

export async function keepOnboarding(next: Onboarding): Promise<void> {
  const { updated_at: _, ...body } = next
  queries.setQueryData(['onboarding-state'], next)
  localStorage.setItem(KEPT, JSON.stringify(body))
  try {
    queries.setQueryData(['onboarding-state'], await read(api.PUT('/v1/tenant/onboarding', { body })))
    void queries.invalidateQueries({ queryKey: ['onboarding'] })
  } catch (error) {
    if (!(error instanceof Problem) || !error.unknownPath) throw error
  }
}

export function keptTheme(): Theme | null {
  try {
    const theme: unknown = JSON.parse(localStorage.getItem(THEME) ?? 'null')
    return isTheme(theme) ? theme : null
  } catch {
    return null
  }
}
export const keepTheme = (theme: Theme | null) => (theme ? localStorage.setItem(THEME, JSON.stringify(theme)) : localStorage.removeItem(THEME))
