/** One conversation with a bot: what was asked, what has come so far, what is being done. */
import { OFFLINE, Problem, problemFrom, readEvents, type Schemas } from '@shopwright/api'
import { useCallback, useState } from 'react'
import { session } from '../session'

export type Answer = Schemas['ChatAnswer']
export type Citation = Schemas['Citation']
export interface Turn {
  id: string
  question: string
  text: string
  step: string | null
  answer: Answer | null
  error: unknown
}
interface Chat {
  sessionId: string | null
  turns: Turn[]
}

const EMPTY: Chat = { sessionId: null, turns: [] }
/** A look at another tab does not end the conversation. */
const kept = new Map<string, Chat>()

/** Mount it with the bot as key: each bot has its own conversation. */
export function useChat(botId: string) {
  const [chat, setChat] = useState<Chat>(() => kept.get(botId) ?? EMPTY)
  const [stop, setStop] = useState<AbortController | null>(null)

  const ask = useCallback(
    async (question: string) => {
      const turn: Turn = { id: crypto.randomUUID(), question, text: '', step: null, answer: null, error: null }
      const before = kept.get(botId) ?? EMPTY
      let now: Chat = { ...before, turns: [...before.turns.filter(({ error }) => !error), turn] }
      const change = (part: Partial<Turn>) => {
        now = { ...now, turns: now.turns.map((one) => (one.id === turn.id ? { ...one, ...part } : one)) }
        kept.set(botId, now)
        setChat(now)
      }
      change({})
      const abort = new AbortController()
      setStop(abort)
      try {
        let text = ''
        for await (const event of stream(botId, question, before.sessionId, abort.signal)) {
          if ('token' in event) change({ text: (text += event.token), step: null })
          else if ('step' in event) change({ step: event.step })
          else {
            now = { ...now, sessionId: event.done.session_id }
            change({ answer: event.done, text: event.done.answer, step: null })
          }
        }
      } catch (error) {
        change({ error: abort.signal.aborted ? null : error, step: null })
      } finally {
        setStop(null)
      }
    },
    [botId],
  )
  const clear = useCallback(() => {
    kept.delete(botId)
    setChat(EMPTY)
  }, [botId])
  return { ...chat, busy: stop !== null, ask, clear, stop: () => stop?.abort() }
}

type ChatEvent = { token: string } | { step: string } | { done: Answer }

async function* stream(botId: string, message: string, sessionId: string | null, signal: AbortSignal): AsyncGenerator<ChatEvent> {
  const body = JSON.stringify({ bot_id: botId, message, stream: true, ...(sessionId ? { session_id: sessionId } : {}) })
  const request = new Request(`${location.origin}/v1/chat/efficient`, { method: 'POST', headers: { 'content-type': 'application/json' }, body, signal })
  const answer = await session.fetch(request).catch((error: unknown) => {
    throw signal.aborted ? error : new Problem(0, OFFLINE, '')
  })
  if (!answer.ok) throw problemFrom(answer.status, await answer.json().catch(() => null))
  let ended = false
  for await (const { event, data } of readEvents(answer)) {
    const given = JSON.parse(data) as Record<string, unknown>
    if (event === 'token') yield { token: String(given['text']) }
    else if (event === 'step') yield { step: String(given['name']) }
    else if (event === 'error') throw problemFrom(500, given)
    else if (event === 'done') {
      ended = true
      yield { done: given as unknown as Answer }
    }
  }
  if (!ended) throw new Problem(0, OFFLINE, '')
}
