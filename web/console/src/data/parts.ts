/** The parts of a message: what was said, what came with it, and what was done to it later. */
export interface Parts {
  text: string
  attachments: { kind: string; name: string }[]
  /** The newest words of a message that was changed after it was answered. */
  edited: string | null
  deleted: boolean
  reactions: string[]
}

const word = (part: Record<string, unknown>, name: string) => (typeof part[name] === 'string' ? part[name] : '')

export function partsOf(parts: readonly Record<string, unknown>[]): Parts {
  const found: Parts = { text: '', attachments: [], edited: null, deleted: false, reactions: [] }
  const lines: string[] = []
  for (const part of parts) {
    const type = word(part, 'type')
    if (type === 'attachment') found.attachments.push({ kind: word(part, 'kind'), name: word(part, 'name') })
    else if (type === 'edited') found.edited = word(part, 'text')
    else if (type === 'deleted') found.deleted = true
    else if (type === 'reaction') {
      const emoji = word(part, 'emoji')
      found.reactions = [...found.reactions.filter((one) => one !== emoji), ...(part['removed'] ? [] : [emoji])]
    } else if (word(part, 'text')) lines.push(word(part, 'text'))
  }
  found.text = lines.join('\n')
  return found
}
