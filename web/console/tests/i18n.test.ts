import { describe, expect, it } from 'vitest'
import { firstLanguage } from '../src/i18n'
import { counter, formatsFor } from '../src/i18n/format'
import { de } from '../src/i18n/de'
import { en } from '../src/i18n/en'

describe('languages', () => {
  it('follow a choice, then the browser, then English', () => {
    expect(firstLanguage('de', ['en-GB'])).toBe('de')
    expect(firstLanguage(null, ['fr-FR', 'de-AT'])).toBe('de')
    expect(firstLanguage(null, ['fr'])).toBe('en')
  })
  it('count as people do', () => {
    expect(counter('en')(1, { one: '# thing', other: '# things' })).toBe('1 thing')
    expect(counter('de')(1200, { one: '# Ding', other: '# Dinge' })).toBe('1.200 Dinge')
  })
  it('write times, money and sizes in their own way', () => {
    const now = () => Date.parse('2026-11-21T12:00:00Z')
    expect(formatsFor('en', now).relative('2026-11-21T11:58:00Z')).toBe('2 minutes ago')
    expect(formatsFor('de', now).relative('2026-11-20T12:00:00Z')).toBe('gestern')
    expect(formatsFor('de').money(490, 'EUR')).toBe('4,90\u00a0€')
    expect(formatsFor('en').bytes(72_500)).toBe('72.5 kB')
    expect(formatsFor('en').duration(18.2)).toBe('18 ms')
    expect(formatsFor('en').bytes(81_171_000_000)).toBe('81.2 GB')
    expect([12, 61, 7200, 200_000].map((seconds) => formatsFor('en').period(seconds))).toEqual(['12 seconds', '1 minute', '2 hours', '2 days'])
    expect(formatsFor('de').period(7200)).toBe('2 Stunden')
  })
})

/** Every leaf of a catalogue, functions called with something. */
function leaves(value: unknown, path = ''): [string, string][] {
  if (typeof value === 'function') return [[path, String(value(...Array.from({ length: value.length }, (_, at) => (/count|\bn\b/.test(value.toString()) ? at + 2 : 'X'))))]]
  if (typeof value === 'object' && value !== null) return Object.entries(value).flatMap(([name, one]) => leaves(one, `${path}.${name}`))
  return [[path, String(value)]]
}

it('both catalogues have the same words, none empty, and German is German', () => {
  const [english, german] = [leaves(en), leaves(de)]
  expect(german.map(([name]) => name)).toEqual(english.map(([name]) => name))
  for (const [name, words] of [...english, ...german]) expect(words.trim(), name).not.toBe('')
  const same = english.filter(([, words], at) => words === german[at]?.[1] && words.split(' ').length > 3)
  expect(same.map(([name]) => name)).toEqual([])
})
