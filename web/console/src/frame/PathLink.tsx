import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'

/** A link to an address of the console that is one text, its search part included. */
export function PathLink({ to, ...rest }: { to: string; className?: string; children: ReactNode }) {
  const [path = '', search = ''] = to.split('?')
  return <Link to={path} search={Object.fromEntries(new URLSearchParams(search)) as never} {...rest} />
}
