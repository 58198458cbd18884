/** All documents of a collection; only the rows in view are drawn. */
import { Button, cx, Empty, SelectField } from '@shopwright/ui'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useWindowVirtualizer } from '@tanstack/react-virtual'
import { FileText, FolderOpen, RefreshCw } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { Loading } from '@shopwright/ui'
import { api, read } from '../../api'
import { at } from '../../data/account'
import type { DatasetRead, DocumentRead } from '../../data/knowledge'
import { live } from '../../data/live'
import { ProblemView } from '../../frame/problems'
import { When } from '../../frame/When'
import { useFormat, useText } from '../../i18n'
import { ServerText } from '../../i18n/server'
import { DropZone } from './Adding'
import { total } from './Datasets'
import { DocumentState } from './DocumentState'
import { refreshDocuments } from './DocumentTools'

const ROW = 56
const COLUMNS = 'grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-4 md:grid-cols-[minmax(0,1fr)_110px_220px_90px_130px]'
type Status = DocumentRead['status']

interface Props {
  dataset: DatasetRead
  status: string
  onStatus: (status: string) => void
  onOpen: (id: string) => void
  onFiles: (files: File[]) => void
}

export function Documents({ dataset, status, onStatus, onOpen, onFiles }: Props) {
  const { knowledge: text, common } = useText()
  const pages = useInfiniteQuery({
    queryKey: ['documents', dataset.id, status],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) =>
      read(api.GET('/v1/tenant/datasets/{dataset_id}/documents', { params: { path: { dataset_id: dataset.id }, query: { ...at(pageParam), ...(status ? { status: status as Status } : {}) } } })),
    getNextPageParam: (last) => last.next_cursor ?? undefined,
  })
  const rows = pages.data?.pages.flatMap(({ items }) => items) ?? []
  if (pages.error && !pages.data) return <ProblemView error={pages.error} retry={() => void pages.refetch()} />
  if (!pages.data) return <Loading label={common.loading} />
  if (total(dataset) === 0 && rows.length === 0 && !status) {
    return (
      <Empty icon={FolderOpen} title={text.noDocuments} action={<DropZone big onFiles={onFiles} />}>{text.noDocumentsAbout}</Empty>
    )
  }
  const waiting = dataset.documents.pending + dataset.documents.processing > 0
  return (
    <div className="flex flex-col gap-3">
      <div className="flex items-end gap-2">
        <SelectField label={text.filter} className="min-w-44" value={status} options={Object.entries(text.filters).map(([value, label]) => ({ value, label }))} onChange={(event) => onStatus(event.target.value)} />
        {waiting && !live.on && <Button icon={<RefreshCw size={16} aria-hidden />} onClick={refreshDocuments}>{text.refresh}</Button>}
      </div>
      {rows.length === 0 ? <p className="py-8 text-center text-muted">{text.noneFiltered}</p> : <Table rows={rows} all={total(dataset)} onOpen={onOpen} more={pages.hasNextPage && !pages.isFetchingNextPage ? () => void pages.fetchNextPage() : undefined} />}
    </div>
  )
}

function Table({ rows, all, onOpen, more }: { rows: DocumentRead[]; all: number; onOpen: (id: string) => void; more: (() => void) | undefined }) {
  const { knowledge: text } = useText()
  const format = useFormat()
  const top = useRef<HTMLDivElement>(null)
  const virtual = useWindowVirtualizer({ count: rows.length, estimateSize: () => ROW, overscan: 12, scrollMargin: top.current?.offsetTop ?? 0 })
  const items = virtual.getVirtualItems()
  const last = items.at(-1)?.index ?? 0
  useEffect(() => {
    if (more && last >= rows.length - 20) more()
  }, [last, rows.length, more])
  return (
    <div role="table" aria-label={text.tabs.documents} aria-rowcount={all + 1} className="rounded-card border">
      <div role="row" className={cx(COLUMNS, 'border-b px-4 py-2 text-small text-muted')}>
        <span role="columnheader">{text.columns.title}</span>
        <span role="columnheader" className="max-md:sr-only">{text.columns.kind}</span>
        <span role="columnheader">{text.columns.state}</span>
        <span role="columnheader" className="max-md:sr-only md:text-end">{text.columns.size}</span>
        <span role="columnheader" className="max-md:sr-only">{text.columns.changed}</span>
      </div>
      <div ref={top} role="rowgroup" className="relative" style={{ blockSize: virtual.getTotalSize() }}>
        {items.map((item) => {
          const row = rows[item.index]
          return row ? (
            <div key={row.id} role="row" aria-rowindex={item.index + 2} className={cx(COLUMNS, 'absolute inset-x-0 top-0 border-b px-4 last:border-b-0 hover:bg-hover')} style={{ blockSize: ROW, transform: `translateY(${item.start - virtual.options.scrollMargin}px)` }}>
              <span role="cell" className="min-w-0">
                <button type="button" onClick={() => onOpen(row.id)} className="flex min-h-11 w-full items-center gap-3 text-start">
                  <FileText size={16} aria-hidden className="shrink-0 text-muted" />
                  <span className="min-w-0 flex-1">
                    <span className="block truncate">{row.title}</span>
                    {row.status === 'failed' && <span className="block truncate text-small text-danger-ink"><ServerText text={row.error} /></span>}
                  </span>
                </button>
              </span>
              <span role="cell" className="truncate text-muted max-md:hidden">{kindOf(row, text.kinds)}</span>
              <span role="cell" className="truncate text-small md:text-base"><DocumentState document={row} /></span>
              <span role="cell" className="text-end text-muted tabular-nums max-md:hidden">{format.bytes(row.size_bytes)}</span>
              <span role="cell" className="truncate text-muted max-md:hidden"><When at={row.updated_at} /></span>
            </div>
          ) : null
        })}
      </div>
    </div>
  )
}

function kindOf({ filename, source_type }: DocumentRead, kinds: Record<string, string>): string {
  const ending = /\.([a-z0-9]{2,5})$/i.exec(filename ?? '')?.[1]
  return ending ? ending.toUpperCase() : (kinds[source_type] ?? source_type)
}
