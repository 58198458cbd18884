/** Where somebody is in setting up a bot: the server keeps it, so that one can go on in another browser. */
import type { Schemas } from '@shopwright/api'
import { useQuery } from '@tanstack/react-query'
import { api, queries, read } from '../api'

type Onboarding = Schemas['OnboardingRead']

export const FRESH: Onboarding = { step: 'icon', name: null, icon_id: null, dataset_id: null, bot_id: null, website: null, theme: null, updated_at: null }

export const useOnboarding = () => useQuery({ queryKey: ['onboarding'], staleTime: Infinity, queryFn: () => read(api.GET('/v1/tenant/onboarding')) })

// The last one written holds, so they go one after the other, and only the newest answer is shown.
let queue: Promise<unknown> = Promise.resolve()
let newest = 0

/** Shows the next step at once; the server's refusal brings the one before back. */
export async function keepOnboarding(next: Onboarding): Promise<void> {
  const { updated_at: _, ...body } = next
  const before = queries.getQueryData(['onboarding'])
  const number = (newest += 1)
  queries.setQueryData(['onboarding'], next)
  const sent = queue.then(() => read(api.PUT('/v1/tenant/onboarding', { body })))
  queue = sent.catch(() => undefined)
  try {
    const kept = await sent
    if (number === newest) queries.setQueryData(['onboarding'], kept)
  } catch (error) {
    if (number === newest) queries.setQueryData(['onboarding'], before)
    throw error
  }
}
