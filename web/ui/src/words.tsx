import { createContext, useContext } from 'react'

/** The few words that components need themselves; the application gives them in its reader's language. */
export interface UiText {
  close: string
  back: string
  cancel: string
  copy: string
  copied: string
  typeName: (name: string) => string
  opensNewTab: string
}

const Words = createContext<UiText | null>(null)
export const UiTextProvider = Words.Provider

export function useUiText(): UiText {
  const words = useContext(Words)
  if (!words) throw new Error('UiTextProvider is missing')
  return words
}
