/** Numbers, dates and money as the reader writes them. */
export interface Formats {
  number: (value: number, digits?: number) => string
  percent: (share: number) => string
  date: (value: string | Date) => string
  dateTime: (value: string | Date) => string
  day: (value: string | Date) => string
  time: (value: string | Date) => string
  relative: (value: string | Date) => string
  money: (minor: number, currency: string) => string
  bytes: (size: number) => string
  duration: (ms: number) => string
  /** A longer time in whole words: `3 minutes`. */
  period: (seconds: number) => string
  list: (items: readonly string[]) => string
  /** The name of a language, from its code. */
  language: (code: string) => string
}

const STEPS: [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_536_000], ['month', 2_592_000], ['week', 604_800], ['day', 86_400], ['hour', 3600], ['minute', 60], ['second', 1],
]

export function formatsFor(language: string, now: () => number = Date.now): Formats {
  const dates = (options: Intl.DateTimeFormatOptions) => {
    const format = new Intl.DateTimeFormat(language, options)
    return (value: string | Date) => format.format(new Date(value))
  }
  const relative = new Intl.RelativeTimeFormat(language, { numeric: 'auto' })
  const languages = new Intl.DisplayNames(language, { type: 'language' })
  const list = new Intl.ListFormat(language, { type: 'conjunction' })
  const number = (value: number, digits = 0) => new Intl.NumberFormat(language, { maximumFractionDigits: digits }).format(value)
  const unit = (value: number, name: string, digits: number) =>
    new Intl.NumberFormat(language, { style: 'unit', unit: name, unitDisplay: 'short', maximumFractionDigits: digits }).format(value)
  return {
    number,
    percent: (share) => new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 0 }).format(share),
    date: dates({ dateStyle: 'medium' }),
    dateTime: dates({ dateStyle: 'medium', timeStyle: 'short' }),
    day: dates({ day: 'numeric', month: 'short' }),
    time: dates({ timeStyle: 'short' }),
    relative: (value) => {
      const seconds = (new Date(value).getTime() - now()) / 1000
      const [name, size] = STEPS.find(([, step]) => Math.abs(seconds) >= step) ?? ['second', 1]
      return name === 'second' ? relative.format(0, 'second') : relative.format(Math.round(seconds / size), name)
    },
    money: (minor, currency) =>
      new Intl.NumberFormat(language, { style: 'currency', currency, maximumFractionDigits: minor > 0 && minor < 1 ? 5 : 2 }).format(minor / 100),
    bytes: (size) => {
      const step = size < 1000 ? 0 : size < 1_000_000 ? 1 : size < 1_000_000_000 ? 2 : 3
      return unit(size / 1000 ** step, ['byte', 'kilobyte', 'megabyte', 'gigabyte'][step] ?? 'byte', step ? 1 : 0)
    },
    duration: (ms) => (ms < 1000 ? unit(Math.round(ms), 'millisecond', 0) : unit(ms / 1000, 'second', 1)),
    period: (seconds) => {
      const [name, size] = STEPS.find(([, step]) => seconds >= step) ?? ['second', 1]
      const count = Math.round(seconds / size)
      return new Intl.NumberFormat(language, { style: 'unit', unit: name, unitDisplay: 'long' }).format(count)
    },
    list: (items) => list.format(items),
    language: (code) => languages.of(code) ?? code,
  }
}

/** Chooses the form of a word by the language's own rules and puts the number in. */
export function counter(language: string): (n: number, forms: { one: string; other: string }) => string {
  const rules = new Intl.PluralRules(language)
  const numbers = new Intl.NumberFormat(language)
  return (n, forms) => (rules.select(n) === 'one' ? forms.one : forms.other).replace('#', numbers.format(n))
}
