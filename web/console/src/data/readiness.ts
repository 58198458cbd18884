/** The checklist before going live in the reader's words, and the page on which each point is mended. */
import type { Schemas } from '@shopwright/api'
import type { Catalogue } from '../i18n/en'

type Item = Schemas['ReadinessItem']
const PLACES: Record<string, string> = {
  ai_provider: 'answers', rate_limits: 'answers', documents: 'knowledge', processed: 'knowledge', linked: 'knowledge', scope: 'topics', guardrails: 'topics',
  api_keys: 'access', domains: 'access', chat: 'try', retrieval: 'try', citations: 'try', off_topic: 'try', context: 'try', usage: 'try',
}

export function inWords(item: Item, { checks }: Catalogue): { label: string; todo: string } {
  const known = checks[`${item.group}.${item.key}`]
  return { label: known?.label ?? item.label, todo: known?.todo || item.todo }
}

/** What an owner can do about it; the server itself is another's work. */
export function nextSteps(botId: string, items: readonly Item[], text: Catalogue): { key: string; title: string; detail: string; link: string }[] {
  return items
    .filter(({ ok, group }) => !ok && group !== 'infrastructure')
    .map((item) => {
      // What to do is the headline: the name of a check reads as if it were done.
      const { todo: title, label: detail } = inWords(item, text)
      return { key: `${item.group}.${item.key}`, title, detail, link: `/bots/${botId}/${PLACES[item.key] ?? 'live'}` }
    })
}
