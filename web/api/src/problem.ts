/** A refusal of the server, as every caller sees it: a problem document, or what the network did instead. */
export interface FieldError {
  field: string
  message: string
}

export class Problem extends Error {
  override name = 'Problem'

  constructor(
    readonly status: number,
    readonly code: string,
    readonly detail: string,
    readonly fields: readonly FieldError[] = [],
    readonly requestId = '',
    readonly members: Readonly<Record<string, unknown>> = {},
  ) {
    super(detail)
  }

  /** The server does not know this path: it is older than this console. */
  get unknownPath(): boolean {
    return (this.status === 404 && this.code === 'no_such_path') || this.status === 405
  }

  /** The message for a field, by its last name (`body.settings.greeting` belongs to `greeting`). */
  of(name: string): string | undefined {
    return this.fields.find(({ field }) => field === name || field.split('.').includes(name))?.message
  }
}

export const OFFLINE = 'offline'

/** Read a problem out of whatever the server or something before it has sent. */
export function problemFrom(status: number, body: unknown): Problem {
  if (typeof body !== 'object' || body === null) {
    return new Problem(status, status === 404 ? 'no_such_path' : 'http_error', '')
  }
  const { code, detail, errors, request_id, ...members } = body as Record<string, unknown>
  const fields = Array.isArray(errors) ? (errors as FieldError[]) : []
  return new Problem(
    status,
    typeof code === 'string' ? code : 'http_error',
    typeof detail === 'string' ? detail : '',
    fields.map(({ field, message }) => ({ field: String(field), message: String(message) })),
    typeof request_id === 'string' ? request_id : '',
    members,
  )
}
