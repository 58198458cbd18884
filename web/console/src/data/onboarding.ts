/** Where somebody is in setting up a bot: the server keeps it. The colours wait in this browser until there is a bot. */
import type { Schemas, Theme } from '@shopwright/api'
import { useQuery } from '@tanstack/react-query'
import { api, queries, read } from '../api'
import { isTheme } from './theme'

type Onboarding = Schemas['OnboardingRead']

const THEME = 'shopwright.onboarding.theme'
export const FRESH: Onboarding = { step: 'icon', name: null, icon_id: null, dataset_id: null, bot_id: null, website: null, updated_at: null }

export const useOnboarding = () => useQuery({ queryKey: ['onboarding'], staleTime: Infinity, queryFn: () => read(api.GET('/v1/tenant/onboarding')) })

/** Shows the next step at once; the server's refusal brings the one before back. */
export async function keepOnboarding(next: Onboarding): Promise<void> {
  const { updated_at: _, ...body } = next
  const before = queries.getQueryData(['onboarding'])
  queries.setQueryData(['onboarding'], next)
  try {
    queries.setQueryData(['onboarding'], await read(api.PUT('/v1/tenant/onboarding', { body })))
  } catch (error) {
    queries.setQueryData(['onboarding'], before)
    throw error
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
