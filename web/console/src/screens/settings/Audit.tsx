import { Button, Empty, Loading } from '@shopwright/ui'
import { useInfiniteQuery } from '@tanstack/react-query'
import { ScrollText } from 'lucide-react'
import { api, read } from '../../api'
import { at } from '../../data/account'
import { Page } from '../../frame/Page'
import { ProblemView } from '../../frame/problems'
import { When } from '../../frame/When'
import { useText } from '../../i18n'

interface Entry {
  id: string
  who: string
  action: string
  subject: string
  details: unknown
  created_at: string
}
const entry = ({ id, action, subject, details, created_at }: Omit<Entry, 'who'>, who: string): Entry => ({ id, who, action, subject, details, created_at })
type Load = (cursor: string | undefined) => Promise<{ items: Entry[]; next_cursor: string | null }>

export function Audit() {
  const { settings } = useText()
  const kinds = settings.audit.kinds
  return (
    <AuditLog
      name="audit"
      load={async (cursor) => {
        const { items, next_cursor } = await read(api.GET('/v1/tenant/audit', { params: { query: at(cursor) } }))
        return { next_cursor, items: items.map((one) => entry(one, kinds[one.actor_kind] ?? one.actor_kind)) }
      }}
    />
  )
}

export function AdminAudit() {
  return (
    <AuditLog
      name="admin-audit"
      load={async (cursor) => {
        const { items, next_cursor } = await read(api.GET('/admin/audit', { params: { query: at(cursor) } }))
        return { next_cursor, items: items.map((one) => entry(one, one.actor)) }
      }}
    />
  )
}

function AuditLog({ name, load }: { name: string; load: Load }) {
  const { settings: { audit: text, tabs }, common } = useText()
  const pages = useInfiniteQuery({ queryKey: [name], initialPageParam: undefined as string | undefined, queryFn: ({ pageParam }) => load(pageParam), getNextPageParam: (last) => last.next_cursor ?? undefined })
  const rows = pages.data?.pages.flatMap(({ items }) => items) ?? []
  return (
    <Page title={tabs.audit} about={text.about}>
      {pages.error && !pages.data ? (
        <ProblemView error={pages.error} retry={() => void pages.refetch()} />
      ) : !pages.data ? (
        <Loading label={common.loading} />
      ) : rows.length === 0 ? (
        <Empty icon={ScrollText} title={text.none} />
      ) : (
        <div className="overflow-x-auto rounded-card border" tabIndex={0} role="region" aria-label={tabs.audit}>
          <table className="w-full min-w-[760px] text-start">
            <thead className="text-small text-muted">
              <tr className="border-b text-start [&>th]:px-4 [&>th]:py-2 [&>th]:text-start [&>th]:font-normal"><th scope="col">{common.when}</th><th scope="col">{text.who}</th><th scope="col">{text.what}</th><th scope="col">{text.subject}</th><th scope="col">{text.details}</th></tr>
            </thead>
            <tbody className="divide-y [&_td]:px-4 [&_td]:py-2 [&_td]:align-top">
              {rows.map((row) => (
                <tr key={row.id}>
                  <td><When at={row.created_at} /></td>
                  <td className="max-w-48 truncate">{row.who}</td>
                  <td className="font-mono text-small">{row.action}</td>
                  <td className="max-w-64 truncate font-mono text-small text-muted">{row.subject}</td>
                  <td className="max-w-80 font-mono text-small break-all text-muted">{Object.keys(row.details as object).length ? JSON.stringify(row.details) : ''}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {pages.hasNextPage && <Button className="self-center" busy={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>{common.more}</Button>}
    </Page>
  )
}
