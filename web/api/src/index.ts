export * from './client'
export * from './events'
export * from './pending'
export * from './problem'
export type { components, paths } from './schema'
import type { components } from './schema'

export type Schemas = components['schemas']
