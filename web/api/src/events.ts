/** Server-sent events over fetch, so that the access token travels in a header and never in an address. */
export interface ServerEvent {
  event: string
  data: string
}

/** Cuts a stream of text into events; comments and unknown fields are left out. */
export class EventReader {
  #rest = ''

  push(text: string): ServerEvent[] {
    const blocks = (this.#rest + text).replaceAll('\r\n', '\n').split('\n\n')
    this.#rest = blocks.pop() ?? ''
    return blocks.map(parseEvent).filter((found) => found !== null)
  }
}

function parseEvent(block: string): ServerEvent | null {
  let event = 'message'
  const data: string[] = []
  for (const line of block.split('\n')) {
    const cut = line.indexOf(':')
    const name = cut < 0 ? line : line.slice(0, cut)
    const value = cut < 0 ? '' : line.slice(cut + 1).replace(/^ /, '')
    if (name === 'event') event = value
    if (name === 'data') data.push(value)
  }
  return data.length ? { event, data: data.join('\n') } : null
}

export async function* readEvents(response: Response): AsyncGenerator<ServerEvent> {
  if (!response.body) return
  const reader = new EventReader()
  const decoder = new TextDecoder()
  const body = response.body.getReader()
  try {
    for (;;) {
      const { done, value } = await body.read()
      if (done) return
      yield* reader.push(decoder.decode(value, { stream: true }))
    }
  } finally {
    body.cancel().catch(() => undefined)
  }
}
