/**
 * The server counts characters as code points; JavaScript counts UTF-16 units. Texts without characters beyond the
 * basic plane, nearly all, need no conversion.
 */
export function toUnits(text: string): (codePoint: number) => number {
  if (!/[\ud800-\udbff]/.test(text)) return (at) => Math.min(at, text.length)
  const wide: number[] = []
  let points = 0
  for (const character of text) {
    if (character.length === 2) wide.push(points)
    points += 1
  }
  return (at) => {
    let low = 0
    let high = wide.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((wide[middle] ?? 0) < at) low = middle + 1
      else high = middle
    }
    return Math.min(at + low, text.length)
  }
}

export interface Piece {
  text: string
  start: number
  marked: boolean
  passage: number | null
}

/** A text cut where passages and the marked span begin and end. */
export function pieces(text: string, passages: readonly { start: number; end: number; ordinal: number }[], mark: { start: number; end: number } | null): Piece[] {
  const cuts = new Set([0, text.length])
  for (const span of mark ? [...passages, mark] : passages) {
    cuts.add(Math.min(span.start, text.length))
    cuts.add(Math.min(span.end, text.length))
  }
  const order = [...cuts].toSorted((a, b) => a - b)
  return order.slice(0, -1).map((start, index) => {
    const end = order[index + 1] ?? text.length
    const passage = passages.find((one) => one.start <= start && end <= one.end)
    return { text: text.slice(start, end), start, marked: mark !== null && mark.start <= start && end <= mark.end, passage: passage?.ordinal ?? null }
  })
}
