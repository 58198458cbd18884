/** The parts of a message: what was said, what came with it, and what was done to it later. */
export interface Parts {
  text: string
  attachments: { id: string; kind: string; name: string }[]
  places: { name: string; latitude: number; longitude: number }[]
  /** The newest words of a message that was changed after it was answered. */
  edited: string | null
  deleted: boolean
  /** An earlier message was changed, and the platform does not tell to what. */
  changed: boolean
  reactions: string[]
}

const number = (part: Record<string, unknown>, name: string) => (typeof part[name] === 'number' ? part[name] : 0)
const word = (part: Record<string, unknown>, name: string) => (typeof part[name] === 'string' ? part[name] : '')

export function partsOf(parts: readonly Record<string, unknown>[]): Parts {
  const found: Parts = { text: '', attachments: [], places: [], edited: null, deleted: false, changed: false, reactions: [] }
  const lines: string[] = []
  for (const part of parts) {
    const type = word(part, 'type')
    if (type === 'attachment') found.attachments.push({ id: word(part, 'id'), kind: word(part, 'kind'), name: word(part, 'name') })
    else if (type === 'location') found.places.push({ name: word(part, 'name'), latitude: number(part, 'latitude'), longitude: number(part, 'longitude') })
    else if (type === 'edited') found.edited = word(part, 'text')
    else if (type === 'deleted') found.deleted = true
    else if (type === 'changed') found.changed = true
    else if (type === 'reaction') {
      const emoji = word(part, 'emoji')
      found.reactions = [...found.reactions.filter((one) => one !== emoji), ...(part['removed'] ? [] : [emoji])]
    } else if (word(part, 'text')) lines.push(word(part, 'text'))
  }
  found.text = lines.join('\n')
  return found
}
