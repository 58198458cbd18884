/** Colours of the chat: derived from one, and checked as WCAG 2.2 asks. */
import type { Theme, ThemeColours } from '@shopwright/api'

type Rgb = [number, number, number]
export const NEEDED = 4.5
/** Which text stands on which ground. */
export const PAIRS: readonly [keyof ThemeColours, keyof ThemeColours][] = [
  ['on_accent', 'accent'], ['text', 'background'], ['text', 'surface'], ['muted', 'background'], ['text', 'bubble_bot'], ['on_bubble_visitor', 'bubble_visitor'],
]

export function parse(hex: string): Rgb {
  const value = /^#[0-9a-f]{6}$/i.test(hex) ? Number.parseInt(hex.slice(1), 16) : 0
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255]
}

function print(rgb: Rgb): string {
  return `#${rgb.map((part) => Math.round(part).toString(16).padStart(2, '0')).join('')}`
}

function luminance(hex: string): number {
  const [r, g, b] = parse(hex).map((part) => {
    const share = part / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  }) as Rgb
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

export function contrast(one: string, other: string): number {
  const [low, high] = [luminance(one), luminance(other)].toSorted((a, b) => a - b) as [number, number]
  return (high + 0.05) / (low + 0.05)
}

function mix(from: string, to: string, share: number): string {
  const [a, b] = [parse(from), parse(to)]
  return print([0, 1, 2].map((at) => (a[at] ?? 0) + ((b[at] ?? 0) - (a[at] ?? 0)) * share) as Rgb)
}

/** The nearest colour, towards black or white, that can be read on a ground. */
export function readable(colour: string, ground: string, needed = NEEDED): string {
  const goal = luminance(ground) > 0.18 ? '#000000' : '#ffffff'
  for (let share = 0; share <= 1; share += 0.04) {
    const tried = mix(colour, goal, share)
    if (contrast(tried, ground) >= needed) return tried
  }
  return goal
}

const onColour = (ground: string) => (contrast('#ffffff', ground) >= contrast('#10131a', ground) ? '#ffffff' : '#10131a')

export function deriveTheme(accent: string, rest: Partial<Pick<Theme, 'icon_id' | 'radius' | 'position'>> = {}): Theme {
  const solid = (wanted: string, background: string) => {
    const seen = readable(wanted, background, 3)
    return contrast(onColour(seen), seen) >= NEEDED ? seen : readable(seen, onColour(seen))
  }
  const light = solid(accent, '#ffffff')
  const dark = solid(accent, '#14171d')
  return {
    icon_id: rest.icon_id ?? null,
    accent,
    radius: rest.radius ?? 14,
    position: rest.position ?? 'right',
    font: 'system',
    light: {
      accent: light, on_accent: onColour(light), background: '#ffffff', surface: '#f7f8fa', text: '#1a1e27', muted: '#5b6472', border: '#e0e4ea',
      bubble_bot: '#f1f3f6', bubble_visitor: light, on_bubble_visitor: onColour(light),
    },
    dark: {
      accent: dark, on_accent: onColour(dark), background: '#14171d', surface: '#1b1f27', text: '#eef1f5', muted: '#a3adba', border: '#2d343f',
      bubble_bot: '#232832', bubble_visitor: dark, on_bubble_visitor: onColour(dark),
    },
  }
}

export interface Weakness {
  scheme: 'light' | 'dark'
  text: keyof ThemeColours
  ground: keyof ThemeColours
  ratio: number
}

export function weaknesses(theme: Theme): Weakness[] {
  return (['light', 'dark'] as const).flatMap((scheme) =>
    PAIRS.map(([text, ground]) => ({ scheme, text, ground, ratio: contrast(theme[scheme][text], theme[scheme][ground]) })).filter(({ ratio }) => ratio < NEEDED),
  )
}

function mend(colours: ThemeColours): ThemeColours {
  const out = { ...colours }
  for (const [text, ground] of PAIRS) if (contrast(out[text], out[ground]) < NEEDED) out[text] = readable(out[text], out[ground])
  return out
}

export function mended(theme: Theme): Theme {
  return { ...theme, light: mend(theme.light), dark: mend(theme.dark) }
}

export function isTheme(value: unknown): value is Theme {
  return typeof value === 'object' && value !== null && 'light' in value && 'dark' in value && 'accent' in value
}
