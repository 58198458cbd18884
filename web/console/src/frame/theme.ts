export type ThemeChoice = 'auto' | 'light' | 'dark'
const KEPT = 'shopwright.theme'

export function themeChoice(): ThemeChoice {
  const kept = localStorage.getItem(KEPT)
  return kept === 'light' || kept === 'dark' ? kept : 'auto'
}

export function applyTheme(choice: ThemeChoice): void {
  if (choice === 'auto') delete document.documentElement.dataset['theme']
  else document.documentElement.dataset['theme'] = choice
}

export function chooseTheme(choice: ThemeChoice): void {
  localStorage.setItem(KEPT, choice)
  applyTheme(choice)
}
