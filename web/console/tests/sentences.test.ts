import { describe, expect, it } from 'vitest'
import { sentences } from '../src/i18n/server/de'
import { translator } from '../src/i18n/server/translate'

const say = translator(sentences)
const fill = (template: string) => template.replaceAll(/\{(\w+)!r\}/g, "'<$1>'").replaceAll(/\{(\w+)\}/g, '<$1>')

describe('sentences of the server', () => {
  it('are each known again when their places are filled', () => {
    for (const [english, german] of Object.entries(sentences)) expect(say(fill(english)), english).toBe(german.replaceAll(/\{(\w+)(!r)?\}/g, '<$1>'))
  })
  it('keep what stands in them, line breaks and signs included', () => {
    expect(say("Another dataset is already named 'Help (new)\nand $& more'; choose a different name.")).toBe('Eine andere Sammlung heißt schon „Help (new)\nand $& more“; wählen Sie einen anderen Namen.')
    expect(say('There is no site named shop.example. Check the spelling of the address.')).toBe('Eine Website namens shop.example gibt es nicht. Prüfen Sie, wie die Adresse geschrieben ist.')
  })
  it('are translated inside others, but names are not', () => {
    expect(say('The AI provider refused the key or the settings: it does not accept the key')).toBe('Der KI-Anbieter nimmt den Schlüssel oder die Einstellungen nicht an: er nimmt den Schlüssel nicht an')
    expect(say("Close to the forbidden topic 'politics'.")).toBe('Nahe am verbotenen Thema „Politik“.')
    expect(say("Another dataset is already named 'failed'; choose a different name.")).toContain('„failed“')
  })
  it('stay as they came when nobody knows them', () => {
    expect(say('Bad Request: chat not found')).toBe('Bad Request: chat not found')
    expect(say('')).toBe('')
  })
})
