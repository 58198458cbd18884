/** What the server says arrives in English; readers of another language load its sentences when the first one is shown. */
import { useEffect, useSyncExternalStore } from 'react'
import { useLanguage, type Language } from '..'
import { translator, type Sentences } from './translate'

type Translate = (text: string) => string
const LOADERS: Partial<Record<Language, () => Promise<Sentences>>> = {
  de: () => import('./de').then(({ sentences }) => sentences),
}
const ready = new Map<Language, Translate>()
const loading = new Set<Language>()
const listeners = new Set<() => void>()
const asItCame: Translate = (text) => text

function load(language: Language): void {
  const loader = LOADERS[language]
  if (!loader || loading.has(language)) return
  loading.add(language)
  loader()
    .then((sentences) => {
      ready.set(language, translator(sentences))
      for (const listener of listeners) listener()
    })
    .catch(() => loading.delete(language)) // offline: the next sentence tries again
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Says a sentence of the server in the reader's language, as soon as that is loaded. */
export function useServerText(): Translate {
  const { language } = useLanguage()
  useEffect(() => load(language), [language])
  return useSyncExternalStore(subscribe, () => ready.get(language) ?? asItCame)
}

export function ServerText({ text }: { text: string | null | undefined }) {
  const say = useServerText()
  return text ? say(text) : null
}
