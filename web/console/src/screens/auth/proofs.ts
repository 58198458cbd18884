/** What a refused sign-in asks for next. */
import { Problem } from '@shopwright/api'

const member = (error: unknown, code: string, name: string): string | null => (error instanceof Problem && error.code === code ? String(error.members[name] ?? '') : null)
/** A code of the authenticator app, to be sent with this. */
export const challengeOf = (error: unknown): string | null => member(error, 'second_factor_required', 'challenge')
/** One of several shops, to be chosen with this. */
export const choiceOf = (error: unknown): string | null => member(error, 'tenant_choice', 'choice')
