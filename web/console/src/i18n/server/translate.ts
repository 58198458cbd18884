/** Sentences of the server in another language: by the English templates they were made of. */
export type Sentences = Readonly<Record<string, string>>

interface Matcher {
  pattern: RegExp
  places: string[]
  into: string
  /** How much of the template is text: the more, the surer. */
  weight: number
}

const PLACE = /\{(\w+)(!r)?\}/g
/** Places that hold words or sentences of the server; all others hold names, which stay as they are. */
const SPOKEN = new Set(['address', 'error', 'kind', 'problem', 'reason', 'said', 'sign', 'state', 'strictness', 'topic', 'tried', 'why'])

/** Compiles a catalogue once; what it does not know is returned as it came. */
export function translator(sentences: Sentences): (text: string) => string {
  const exact = new Map(Object.entries(sentences))
  const matchers = Object.entries(sentences).filter(([english]) => placesIn(english).length > 0).map(compile).toSorted((a, b) => b.weight - a.weight)
  const translate = (text: string): string => {
    const whole = exact.get(text)
    if (whole !== undefined) return whole
    for (const { pattern, places, into } of matchers) {
      const found = pattern.exec(text)
      if (!found) continue
      const values = Object.fromEntries(places.map((place, at) => [place, found[at + 1] ?? '']))
      return into.replaceAll(PLACE, (_, place: string) => (SPOKEN.has(place) ? translate(values[place] ?? '') : (values[place] ?? '')))
    }
    return text
  }
  return translate
}

const placesIn = (template: string): string[] => [...template.matchAll(PLACE)].map(([, place]) => place ?? '')

/** `{name!r}` is a name in quotation marks, which the translation brings itself. */
function compile([english, into]: [string, string]): Matcher {
  const parts = english.split(/(\{\w+(?:!r)?\})/)
  const source = parts.map((part) => (part.startsWith('{') && part.endsWith('}') ? (part.endsWith('!r}') ? `["'](.*?)["']` : '(.*?)') : escaped(part)))
  return { pattern: new RegExp(`^${source.join('')}$`, 's'), places: placesIn(english), into, weight: english.replaceAll(PLACE, '').length }
}

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)
