import checks from './checks.json'
import errors from './errors.json'
import fields from './fields.json'
import platforms from './platforms.json'
import providers from './providers.json'
import reading from './reading.json'
import words from './words.json'
import type { Sentences } from '../translate'

export const sentences: Sentences = { ...checks, ...errors, ...fields, ...platforms, ...providers, ...reading, ...words }
