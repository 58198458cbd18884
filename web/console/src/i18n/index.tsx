/** The reader's language: a catalogue of words that is loaded when it is needed, and formats by Intl. */
import { createContext, useContext, useLayoutEffect, useMemo, useState, type ReactNode } from 'react'
import { UiTextProvider } from '@shopwright/ui'
import { formatsFor, type Formats } from './format'
import type { Catalogue } from './en'

export const LANGUAGES = { en: 'English', de: 'Deutsch' } as const
export type Language = keyof typeof LANGUAGES
const KEPT = 'shopwright.language'
const RIGHT_TO_LEFT = new Set(['ar', 'fa', 'he', 'ur'])
const LOADERS: Record<Language, () => Promise<Catalogue>> = {
  en: () => import('./en').then(({ en }) => en),
  de: () => import('./de').then(({ de }) => de),
}

interface Words {
  language: Language
  text: Catalogue
  format: Formats
  change: (language: Language) => Promise<void>
}
const Context = createContext<Words | null>(null)

/** The kept choice, then the first language of the browser that there is, then English. */
export function firstLanguage(kept: string | null, wanted: readonly string[]): Language {
  for (const tag of [kept ?? '', ...wanted]) {
    const language = tag.slice(0, 2).toLowerCase()
    if (language in LANGUAGES) return language as Language
  }
  return 'en'
}

export async function loadLanguage(): Promise<{ language: Language; text: Catalogue }> {
  const language = firstLanguage(localStorage.getItem(KEPT), navigator.languages)
  return { language, text: await LOADERS[language]() }
}

export function LanguageProvider({ first, children }: { first: { language: Language; text: Catalogue }; children: ReactNode }) {
  const [{ language, text }, set] = useState(first)
  useLayoutEffect(() => {
    document.documentElement.lang = language
    document.documentElement.dir = RIGHT_TO_LEFT.has(language) ? 'rtl' : 'ltr'
  }, [language])
  const words = useMemo<Words>(
    () => ({
      language,
      text,
      format: formatsFor(language),
      change: async (next) => {
        localStorage.setItem(KEPT, next)
        set({ language: next, text: await LOADERS[next]() })
      },
    }),
    [language, text],
  )
  return (
    <Context.Provider value={words}>
      <UiTextProvider value={text.ui}>{children}</UiTextProvider>
    </Context.Provider>
  )
}

function useWords(): Words {
  const words = useContext(Context)
  if (!words) throw new Error('LanguageProvider is missing')
  return words
}
export const useText = (): Catalogue => useWords().text
export const useFormat = (): Formats => useWords().format
export const useLanguage = (): Pick<Words, 'language' | 'change'> => useWords()
