import { expect, it } from 'vitest'
import { inWords, type Report } from '../src/data/health'
import { administration as de } from '../src/i18n/de/administration'
import { administration as en } from '../src/i18n/en/administration'
import { formatsFor } from '../src/i18n/format'

const WELL: Report = {
  status: 'ok', version: '1.2.3', uptime_seconds: 792,
  checks: {
    database: { status: 'ok', version: '18.4', ms: 12.4 },
    queue: { status: 'ok', waiting: 0, failed: 0, oldest_seconds: 0, ms: 56 },
    models: { status: 'ok', embedding: 'local:minilm-l6-v2:1', ms: 11 },
    disk: { status: 'ok', free_bytes: 81_171_000_000, ms: 0.1 },
    memory: { status: 'ok', process_bytes: 405_600_000, available_bytes: 20_966_800_000, ms: 0.2 },
    bots: { status: 'ok', count: 1, ms: 55 },
  },
}
const words = (checks: Report['checks'], text = en.health, language = 'en') => inWords({ ...WELL, checks }, text, formatsFor(language))

it('a server that is well says so without a bare number', () => {
  expect(words(WELL.checks).map(({ title, is }) => `${title}: ${is}`)).toEqual([
    'Database: PostgreSQL 18.4 answers within 12 ms.', 'Background work: Nothing waits.', 'Local models: minilm-l6-v2 answers within 11 ms.',
    'Storage: 81.2 GB free.', 'Memory: This server uses 405.6 MB; 21 GB are free on the machine.', 'Bots: 1 bot in all shops.',
  ])
})

it('what is wrong comes with what it means and what to do, in both languages', () => {
  const checks: Report['checks'] = {
    database: { status: 'down', error: 'OperationalError', ms: 4 }, models: { status: 'down', error: 'TimeoutError', ms: 3000 },
    queue: { status: 'degraded', waiting: 3, failed: 2, oldest_seconds: 400 }, disk: { status: 'degraded', free_bytes: 4_000_000 },
    memory: { status: 'degraded', process_bytes: 1, available_bytes: 2 },
  }
  for (const [text, language] of [[en.health, 'en'], [de.health, 'de']] as const) {
    for (const part of words(checks, text, language)) {
      expect(part.means, part.name).toMatch(/\.$/)
      expect(part.todo, part.name).toMatch(/\.$/)
    }
  }
  expect(words(checks).map(({ is }) => is).slice(0, 3)).toEqual([
    'No answer.', 'No answer within three seconds.', '3 tasks wait, the oldest for 7 minutes. 2 tasks failed and are not tried again; the log says why.',
  ])
})

it('a part of a newer server is named, and the log is where to look', () => {
  expect(words({ mail: { status: 'down' } })).toEqual([{ name: 'mail', title: 'mail', state: 'down', is: '', means: '', todo: en.health.lookInLog }])
})
