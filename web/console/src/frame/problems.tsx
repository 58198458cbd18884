/** What a refusal looks like: a sentence, what it means, and what to do. */
import { OFFLINE, Problem } from '@shopwright/api'
import { Button, Empty } from '@shopwright/ui'
import type { UseQueryResult } from '@tanstack/react-query'
import { Loading } from '@shopwright/ui'
import { CircleAlert, CloudOff, Lock, PackageX, SearchX } from 'lucide-react'
import type { ReactNode } from 'react'
import { useText } from '../i18n'
import { useServerText } from '../i18n/server'

/** One sentence for a toast or a form, in the reader's language where the code is known. */
export function useSentence(): (error: unknown) => string {
  const text = useText()
  const said = useServerText()
  return (error) => {
    if (!(error instanceof Problem)) return text.errors.crash
    if (error.code === OFFLINE) return text.errors.offline
    if (error.unknownPath) return text.errors.missing
    if (error.code === 'forbidden') return text.errors.forbidden
    if (error.code === 'wrong_credentials') return text.auth.wrong
    if (error.status === 429) return text.errors.tooMany
    if (error.status === 503 || error.status === 504 || (error.status === 502 && !error.detail)) return text.errors.busy
    const [first] = error.fields
    if (first) return `${first.field.split('.').at(-1)}: ${said(first.message)}`
    return said(error.detail) || text.errors.title
  }
}

export function ProblemView({ error, retry }: { error: unknown; retry?: () => void }) {
  const text = useText()
  const say = useSentence()
  const problem = error instanceof Problem ? error : null
  const again = retry && <Button onClick={retry}>{text.common.retry}</Button>
  if (problem?.code === OFFLINE) return <Empty icon={CloudOff} title={text.errors.offlineTitle} action={again}>{text.errors.offline}</Empty>
  if (problem?.unknownPath) return <Empty icon={PackageX} title={text.errors.missingTitle}>{text.errors.missing}</Empty>
  if (problem?.status === 403) return <Empty icon={Lock} title={text.errors.forbiddenTitle}>{text.errors.forbidden}</Empty>
  if (problem?.status === 404) return <Empty icon={SearchX} title={text.errors.notFoundTitle}>{text.errors.notFound}</Empty>
  return (
    <Empty icon={CircleAlert} title={text.errors.title} action={again}>
      <p role="alert">{say(error)}</p>
      {problem?.requestId && <p className="mt-2 font-mono text-small break-all">{text.errors.requestId(problem.requestId)}</p>}
    </Empty>
  )
}

/** Loading, refused or there: every screen goes through here, so that each state is designed once. */
export function Loaded<T>({ query, children, rows, pick }: { query: UseQueryResult<T>; children: (data: T) => ReactNode; rows?: number; pick?: (error: unknown) => ReactNode | undefined }) {
  const text = useText()
  if (query.data !== undefined) return children(query.data)
  if (query.error) return pick?.(query.error) ?? <ProblemView error={query.error} retry={() => void query.refetch()} />
  return <Loading label={text.common.loading} {...(rows ? { rows } : {})} />
}
