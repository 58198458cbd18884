/** A stream of server-sent events that is opened again whenever it ends, each time after a longer wait. */
import { readEvents, type ServerEvent } from '@shopwright/api'
import { session } from '../session'

const FIRST_WAIT_MS = 1000
const LONGEST_WAIT_MS = 30_000

export interface Listening {
  onOpen: () => void
  onEvent: (event: ServerEvent) => void
  onEnd?: () => void
}

/** Ends with the signal, and where the server has no such stream. */
export async function listen(path: string, { onOpen, onEvent, onEnd }: Listening, signal: AbortSignal): Promise<void> {
  let wait = FIRST_WAIT_MS
  while (!signal.aborted) {
    const answer = await session
      .fetch(new Request(`${location.origin}${path}`, { headers: { accept: 'text/event-stream' }, signal }))
      .catch(() => null)
    if (answer && (answer.status === 404 || answer.status === 405 || answer.status === 409)) return
    if (answer?.ok) {
      wait = FIRST_WAIT_MS
      onOpen()
      try {
        for await (const event of readEvents(answer)) onEvent(event)
      } catch {
        // The stream was cut; the loop opens it again.
      }
      onEnd?.()
    }
    await pause(wait, signal)
    wait = Math.min(wait * 2, LONGEST_WAIT_MS)
  }
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
