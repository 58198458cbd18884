import type { components } from './schema'

export * from './client'
export * from './events'
export * from './problem'
export type { components, paths } from './schema'

export type Schemas = components['schemas']
/** What the server reads and writes in one shape has two names in its description. */
export type Theme = Schemas['Theme-Output']
export type ThemeColours = Schemas['Palette']
