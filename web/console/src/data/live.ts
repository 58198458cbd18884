/** What changes on the server shows here: one stream of events, each of which refreshes the lists it is about. */
import { useEffect } from 'react'
import { queries } from '../api'
import { listen } from './stream'

const KEYS: Record<string, readonly (readonly string[])[]> = {
  document: [['documents'], ['document'], ['datasets'], ['readiness'], ['usage-of-documents']],
  crawl: [['crawls'], ['crawl'], ['crawl-pages']],
  conversation: [['conversations'], ['conversation'], ['overview'], ['usage'], ['deployments'], ['deployment'], ['letters'], ['contacts'], ['contact']],
  bot: [['bots'], ['scope'], ['readiness'], ['overview']],
  deployment: [['bots'], ['overview'], ['deployments'], ['deployment'], ['letters']],
}

/** Whether events come; without them a screen that waits for something has to be told in another way. */
export const live = { on: false }

export function refreshFor(event: string): void {
  for (const queryKey of KEYS[event] ?? []) void queries.invalidateQueries({ queryKey: [...queryKey] })
}

export function useLive(): void {
  useEffect(() => {
    const stop = new AbortController()
    // A server without events: the lists are refreshed when the window gets the focus.
    void listen(
      '/v1/tenant/events',
      {
        onOpen: () => {
          live.on = true
          for (const name of Object.keys(KEYS)) refreshFor(name)
        },
        onEvent: ({ event }) => refreshSoon(event),
        onEnd: () => {
          live.on = false
        },
      },
      stop.signal,
    )
    return () => stop.abort()
  }, [])
}

const due = new Set<string>()
/** A hundred documents that are read at once are one refresh, not a hundred. */
function refreshSoon(event: string): void {
  if (due.size === 0) {
    setTimeout(() => {
      for (const name of due) refreshFor(name)
      due.clear()
    }, 250)
  }
  due.add(event)
}
