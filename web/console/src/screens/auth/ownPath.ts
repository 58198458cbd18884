/** Only addresses of our own lead on: a path, and not one of another host. */
export function ownPath(next: string | undefined, otherwise: string): string {
  return next && /^\/(?![/\\])/.test(next) ? next : otherwise
}
