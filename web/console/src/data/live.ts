/** What changes on the server shows here: one stream of events, each of which refreshes the lists it is about. */
import { readEvents } from '@shopwright/api'
import { useEffect } from 'react'
import { queries } from '../api'
import { session } from '../session'

const KEYS: Record<string, readonly (readonly string[])[]> = {
  document: [['documents'], ['document'], ['datasets'], ['readiness'], ['usage-of-documents']],
  crawl: [['crawls'], ['crawl'], ['crawl-pages']],
  conversation: [['conversations'], ['conversation'], ['overview'], ['usage'], ['deployments'], ['deployment'], ['letters'], ['contacts'], ['contact']],
  bot: [['bots'], ['scope'], ['readiness'], ['overview']],
  deployment: [['bots'], ['overview'], ['deployments'], ['deployment'], ['letters']],
}
const FIRST_WAIT_MS = 1000
const LONGEST_WAIT_MS = 30_000

/** Whether events come; without them a screen that waits for something has to be told in another way. */
export const live = { on: false }

export function refreshFor(event: string): void {
  for (const queryKey of KEYS[event] ?? []) void queries.invalidateQueries({ queryKey: [...queryKey] })
}

export function useLive(): void {
  useEffect(() => {
    const stop = new AbortController()
    void listen(stop.signal)
    return () => stop.abort()
  }, [])
}

async function listen(signal: AbortSignal): Promise<void> {
  let wait = FIRST_WAIT_MS
  while (!signal.aborted) {
    const answer = await session
      .fetch(new Request(`${location.origin}/v1/tenant/events`, { headers: { accept: 'text/event-stream' }, signal }))
      .catch(() => null)
    // A server without events: the lists are refreshed when the window gets the focus.
    if (answer && (answer.status === 404 || answer.status === 405)) return
    if (answer?.ok) {
      live.on = true
      wait = FIRST_WAIT_MS
      for (const name of Object.keys(KEYS)) refreshFor(name)
      try {
        for await (const { event } of readEvents(answer)) refreshSoon(event)
      } catch {
        // The stream was cut; the loop opens it again.
      }
      live.on = false
    }
    await pause(wait, signal)
    wait = Math.min(wait * 2, LONGEST_WAIT_MS)
  }
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

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((done) => {
    const timer = setTimeout(done, ms)
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      done()
    })
  })
}
