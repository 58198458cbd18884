/** The checklist before going live in the reader's words. */
import type { Schemas } from '@shopwright/api'
import type { Catalogue } from '../i18n/en'

type Item = Schemas['ReadinessItem']

export function inWords(item: Item, { checks }: Catalogue): { label: string; todo: string } {
  const known = checks[`${item.group}.${item.key}`]
  return { label: known?.label ?? item.label, todo: known?.todo || item.todo }
}
