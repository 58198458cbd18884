import { describe, expect, it } from 'vitest'
import { badgesOf, byNeed, isComplete, isLocal, mendOf, saidBy, standOf, storedFor, tokenEndsIn, typed, type ChannelForm, type Deployment, type Stored } from '../src/data/channels'
import { partsOf } from '../src/data/parts'
import { de } from '../src/i18n/de'
import { en } from '../src/i18n/en'

const deployment = (part: Partial<Deployment>) => ({ status: 'connected', reason: '', detail: '', created_at: '2026-11-21T12:00:00Z', token_expires_at: null, ...part }) as Deployment

describe('channels', () => {
  it('have one button for whatever is wrong, and words for it in both languages', () => {
    const reasons = Object.keys(en.channels.reasons).filter(Boolean) as Exclude<Deployment['reason'], ''>[]
    expect(reasons).toHaveLength(13)
    for (const reason of reasons) {
      const mend = mendOf(deployment({ status: 'failed', reason }))
      expect(mend, reason).not.toBeNull()
      for (const { channels } of [en, de]) {
        expect(channels.mend[mend ?? 'retry']).toBeTruthy()
        expect(channels.reasons[reason]?.('LINE')).toContain('LINE')
        expect(channels.short[reason]).toBeTruthy()
      }
    }
  })
  it('need no button while they work, and one when nobody knows why they do not', () => {
    expect(mendOf(deployment({}))).toBeNull()
    expect(mendOf(deployment({ status: 'failed' }))).toBe('retry')
    expect(mendOf(deployment({ status: 'disabled' }))).toBe('on')
    expect((['connected', 'degraded', 'failed', 'pending', 'disabled'] as const).map((status) => standOf({ status }))).toEqual(['connected', 'attention', 'attention', 'open', 'off'])
  })
  it('that need somebody come first', () => {
    const all = (['disabled', 'connected', 'pending', 'failed', 'degraded'] as const).map((status, at) => deployment({ status, created_at: `2026-11-2${at}T12:00:00Z` }))
    expect(byNeed(all).map(({ status }) => status)).toEqual(['degraded', 'failed', 'pending', 'connected', 'disabled'])
  })
  it('warn of a token that ends before it does, in whole days', () => {
    const now = Date.parse('2026-11-21T12:00:00Z')
    const ends = (at: string | null, status: Deployment['status'] = 'connected') => tokenEndsIn({ status, token_expires_at: at }, now)
    expect([ends('2026-11-22T11:00:00Z'), ends('2026-12-01T12:00:00Z'), ends('2027-03-01T00:00:00Z'), ends('2026-11-20T00:00:00Z'), ends(null)]).toEqual([1, 10, null, null, null])
    expect(ends('2026-11-22T11:00:00Z', 'disabled')).toBeNull()
  })
  it('quote the platform without the words before it', () => {
    expect(saidBy({ reason: 'credentials', detail: 'Slack refused the credentials: invalid_auth' })).toBe('invalid_auth')
    expect(saidBy({ reason: 'revoked', detail: 'Note: the app was removed' })).toBe('Note: the app was removed')
  })
  it('are on a bot in the order they are offered; what is no state is left out', () => {
    const status = { http: { status: 'pending', reason: '' }, telegram: { status: 'connected', reason: '' }, odd: { status: 'unheard' }, fresh: { status: 'failed', reason: '' } }
    expect(badgesOf({ deployment_status: status }).map(({ channel }) => channel)).toEqual(['fresh', 'telegram', 'http'])
  })
  it('are known to be out of reach on this machine', () => {
    expect(['http://localhost:8000/x', 'http://127.0.0.1/x', 'https://[::1]/x', 'https://shop.example/x', 'https://localhost.shop.example/x'].map(isLocal)).toEqual([true, true, true, false, false])
  })
})

describe('keys', () => {
  const form = { channel: 'line', fields: [{ name: 'channel_secret', required: true }, { name: 'note', required: false }] } as ChannelForm
  it('are sent as far as they were typed', () => {
    expect(typed({ a: ' x ', b: '', c: '  ' })).toEqual({ a: 'x' })
    expect([isComplete(form, {}), isComplete(form, { channel_secret: ' ' }), isComplete(form, { channel_secret: 'x' })]).toEqual([false, false, true])
  })
  it('of a client are used only when none is missing', () => {
    const stored = [{ channel: 'line', fields: {}, missing: ['channel_secret'] }, { channel: 'slack', fields: {}, missing: [] }] as unknown as Stored[]
    expect([storedFor(stored, 'line'), storedFor(stored, 'slack')?.channel, storedFor(undefined, 'slack')]).toEqual([undefined, 'slack', undefined])
  })
})

it('a message is read with all that came with it and was done to it', () => {
  const parts = partsOf([
    { type: 'text', text: 'Do you' }, { type: 'text', text: 'ship?' }, { type: 'attachment', id: 'a-1', kind: 'image', name: 'coat.jpg' }, { type: 'location', name: '', latitude: 53.1, longitude: 8.8 }, { type: 'edited', text: 'Never mind.' },
    { type: 'reaction', emoji: '👍' }, { type: 'reaction', emoji: '👎' }, { type: 'reaction', emoji: '👍', removed: true }, { type: 'odd' },
  ])
  expect(parts).toEqual({ text: 'Do you\nship?', attachments: [{ id: 'a-1', kind: 'image', name: 'coat.jpg' }], places: [{ name: '', latitude: 53.1, longitude: 8.8 }], edited: 'Never mind.', deleted: false, changed: false, reactions: ['👎'] })
  expect(partsOf([{ type: 'text', text: 'x' }, { type: 'deleted' }]).deleted).toBe(true)
  expect(partsOf([{ type: 'changed' }]).changed).toBe(true)
})
