/** The shop's customers over all platforms. */
import type { Schemas } from '@shopwright/api'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { api, queries, read } from '../api'
import { at } from './account'

export type Contact = Schemas['ContactRead']
export type ContactSummary = Schemas['ContactSummary']
export interface Agreement {
  given: boolean
  at?: string | null
  source?: string
}
export interface ContactFilters {
  q?: string
  channel?: string
}

export const useContacts = (filters: ContactFilters) =>
  useInfiniteQuery({
    queryKey: ['contacts', filters],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) => read(api.GET('/v1/tenant/contacts', { params: { query: { ...at(pageParam, 50), ...filters } } })),
    getNextPageParam: (last) => last.next_cursor ?? undefined,
  })

export const useContact = (id: string | null | undefined) =>
  useQuery({
    queryKey: ['contact', id],
    enabled: Boolean(id),
    queryFn: () => read(api.GET('/v1/tenant/contacts/{contact_id}', { params: { path: { contact_id: id ?? '' } } })),
  })

/** Shows at once what the server answered, and reads the lists again. */
export function keepContact(contact: Contact): void {
  queries.setQueryData(['contact', contact.id], contact)
  refreshContacts()
}

export function refreshContacts(): void {
  for (const name of ['contacts', 'contact', 'conversations', 'conversation']) void queries.invalidateQueries({ queryKey: [name] })
}

/** What somebody agreed to, purposes in the order they were recorded. */
export const agreementsOf = ({ consent }: Pick<ContactSummary, 'consent'>): [string, Agreement][] => Object.entries(consent as Record<string, Agreement>)

/** What the contact is called: a name, else what is known. */
export const calledOf = ({ name, email, phone }: Pick<ContactSummary, 'name' | 'email' | 'phone'>): string => name || email || phone || ''
