import { describe, expect, it, vi } from 'vitest'
import { EventReader, Problem, problemFrom } from '@shopwright/api'
import { deviceName } from '../src/data/devices'
import { originsOf } from '../src/data/origins'
import { pieces, toUnits } from '../src/data/spans'
import { contrast, deriveTheme, mended, NEEDED, PAIRS, weaknesses } from '../src/data/theme'
import { Uploader, type Upload } from '../src/data/uploads'
import { stepTimes } from '../src/data/trace'

describe('the address of a website', () => {
  it('gives the origins of its pages, with and without www', () => {
    expect(originsOf(' Shop.example/start?a=1 ')).toEqual(['https://shop.example', 'https://www.shop.example'])
    expect(originsOf('https://www.shop.example')).toEqual(['https://www.shop.example', 'https://shop.example'])
    expect(originsOf('http://127.0.0.1:8777/')).toEqual(['http://127.0.0.1:8777'])
    expect(originsOf('help.shop.example')).toEqual(['https://help.shop.example'])
    expect(originsOf('not an address')).toEqual(['not an address'])
  })
})

describe('spans', () => {
  it('count as the server does when a text has characters beyond the basic plane', () => {
    const text = 'a😀b😀c'
    const unit = toUnits(text)
    expect([0, 1, 2, 3, 4, 5].map((at) => text.slice(0, unit(at)))).toEqual(['', 'a', 'a😀', 'a😀b', 'a😀b😀', text])
    expect(toUnits('plain')(3)).toBe(3)
  })
  it('cut a text without losing a character', () => {
    const text = 'The first. The second. The third.'
    const cut = pieces(text, [{ start: 0, end: 10, ordinal: 0 }, { start: 11, end: 33, ordinal: 1 }], { start: 15, end: 22 })
    expect(cut.map((piece) => piece.text).join('')).toBe(text)
    expect(cut.filter((piece) => piece.marked).map((piece) => piece.text)).toEqual(['second.'])
    expect(cut.at(-1)?.passage).toBe(1)
  })
})

describe('themes', () => {
  it('can be read whatever colour they come from', () => {
    for (const accent of ['#ffff00', '#000000', '#ffffff', '#808080', '#00ff00', '#4150d0', '#ff0000']) {
      expect(weaknesses(deriveTheme(accent)), accent).toEqual([])
    }
  })
  it('are mended where an owner chose colours that cannot be read', () => {
    const theme = deriveTheme('#4150d0')
    theme.light.text = '#cccccc'
    expect(weaknesses(theme).map(({ text, ground }) => `${text} ${ground}`)).toContain('text background')
    const good = mended(theme)
    for (const [text, ground] of PAIRS) expect(contrast(good.light[text], good.light[ground])).toBeGreaterThanOrEqual(NEEDED)
  })
})

it('devices have the names that people use', () => {
  const chrome = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36'
  expect(deviceName(chrome)).toBe('Chrome · Linux')
  expect(deviceName('Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile/15E148 Safari/604.1')).toBe('Safari · iOS')
  expect(deviceName('curl/8.5.0')).toBe('curl/8.5.0')
})

describe('events', () => {
  it('are whole however the stream is cut', () => {
    const stream = ': hello\n\nevent: document\ndata: {"id":"1"}\n\nevent: bot\r\ndata: a\r\ndata: b\r\n\r\n'
    for (let size = 1; size < stream.length; size += 1) {
      const reader = new EventReader()
      const found = []
      for (let at = 0; at < stream.length; at += size) found.push(...reader.push(stream.slice(at, at + size)))
      expect(found.map(({ event }) => event), `pieces of ${size}`).toEqual(['document', 'bot'])
    }
  })
})

describe('problems', () => {
  it('name the field they are about', () => {
    const problem = problemFrom(422, { code: 'invalid_request', detail: 'x', errors: [{ field: 'body.settings.greeting', message: 'too long' }] })
    expect(problem.of('greeting')).toBe('too long')
    expect(problem.of('name')).toBeUndefined()
  })
  it('tell an older server from a thing that is not there', () => {
    expect(problemFrom(404, { code: 'no_such_path' }).unknownPath).toBe(true)
    expect(problemFrom(404, { code: 'not_found' }).unknownPath).toBe(false)
    expect(problemFrom(405, { code: 'method_not_allowed' }).unknownPath).toBe(true)
    expect(problemFrom(502, null).code).toBe('http_error')
  })
})

describe('uploads', () => {
  it('send two at a time and go on after a refusal', async () => {
    let running = 0
    let most = 0
    const states: Record<string, string> = {}
    const send = vi.fn(async (_path: string, body: FormData) => {
      running += 1
      most = Math.max(most, running)
      await Promise.resolve()
      running -= 1
      if ((body.get('files') as File).name === 'bad.exe') throw new Problem(422, 'unsupported', 'no')
      return { items: [{ duplicate: false }] }
    })
    const sent = vi.fn()
    const uploader = new Uploader('d', (id, { state }) => { if (state) states[id] = state }, sent, send)
    const names = ['a.md', 'bad.exe', 'c.md', 'd.md', 'e.md']
    uploader.add(names.map((name): Upload => ({ id: name, file: new File(['x'], name), state: 'waiting', progress: 0 })))
    await vi.waitFor(() => expect(sent).toHaveBeenCalledTimes(names.length))
    expect(most).toBe(2)
    expect(states).toEqual({ 'a.md': 'sent', 'bad.exe': 'failed', 'c.md': 'sent', 'd.md': 'sent', 'e.md': 'sent' })
  })
})

it('the time of a turn falls on the steps that an owner sees', () => {
  expect(stepTimes({ load: 1, understand: 2, scope: 3, find: 10, write: 5 })).toEqual({ understood: 6, found: 10, written: 5 })
  expect(stepTimes()).toEqual({ understood: 0, found: 0, written: 0 })
})
