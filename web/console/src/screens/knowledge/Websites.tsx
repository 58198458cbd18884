/** Websites that were read, and every page of them with what became of it. */
import type { Schemas } from '@shopwright/api'
import { Button, Dialog, Empty, Meter, Sheet, Status, type Tone } from '@shopwright/ui'
import { useQuery } from '@tanstack/react-query'
import { Globe, Plus, RefreshCw, Square } from 'lucide-react'
import { api, queries, read } from '../../api'
import { live } from '../../data/live'
import { Loaded } from '../../frame/problems'
import { useForm } from '../../frame/useForm'
import { When } from '../../frame/When'
import { useText } from '../../i18n'
import { ServerText } from '../../i18n/server'
import { CrawlForm } from './Adding'

type CrawlPage = Schemas['CrawlPageRead']
type CrawlRead = Schemas['CrawlRead']

const TONES: Record<string, Tone> = { queued: 'neutral', running: 'info', completed: 'success', failed: 'danger', cancelled: 'warning', found: 'neutral', read: 'success', skipped: 'warning' }

interface Props {
  datasetId: string
  open: string | undefined
  onOpen: (id: string | null) => void
  adding: boolean
  onAdding: (on: boolean) => void
}

export const useCrawls = (id: string) =>
  useQuery({ queryKey: ['crawls', id], enabled: Boolean(id), queryFn: () => read(api.GET('/v1/tenant/datasets/{dataset_id}/crawls', { params: { path: { dataset_id: id } } })) })
export const isReading = ({ status }: CrawlRead) => status === 'queued' || status === 'running'

export function Websites({ datasetId, open, onOpen, adding, onAdding }: Props) {
  const { knowledge: text } = useText()
  const crawls = useCrawls(datasetId)
  const add = <Button look="primary" icon={<Plus size={16} aria-hidden />} onClick={() => onAdding(true)}>{text.addWebsite}</Button>
  return (
    <Loaded query={crawls}>
      {({ items }) => (
        <>
          {items.length === 0 ? (
            <Empty icon={Globe} title={text.crawl.empty} action={add}>{text.crawl.emptyAbout}</Empty>
          ) : (
            <>
              <div className="flex justify-end">{add}</div>
              <ul className="divide-y rounded-card border">
                {items.map((crawl) => (
                  <li key={crawl.id}>
                    <button type="button" onClick={() => onOpen(crawl.id)} className="flex w-full flex-wrap items-center gap-x-4 gap-y-1 px-4 py-3 text-start hover:bg-hover">
                      <Globe size={16} aria-hidden className="text-muted" />
                      <span className="min-w-0 flex-1 basis-48"><span className="block truncate font-medium">{crawl.url}</span><Counts crawl={crawl} /></span>
                      <Status tone={TONES[crawl.status] ?? 'neutral'}>{text.crawl.states[crawl.status]}</Status>
                      <span className="text-small text-muted"><When at={crawl.created_at} /></span>
                    </button>
                  </li>
                ))}
              </ul>
            </>
          )}
          <Dialog open={adding} onClose={() => onAdding(false)} wide title={text.addWebsite} about={text.crawl.emptyAbout}>
            <CrawlForm datasetId={datasetId} onDone={(id) => onOpen(id)} />
          </Dialog>
          <Sheet open={Boolean(open)} onClose={() => onOpen(null)} title={items.find(({ id }) => id === open)?.url ?? text.crawl.list}>
            {open && <CrawlDetail datasetId={datasetId} crawlId={open} />}
          </Sheet>
        </>
      )}
    </Loaded>
  )
}

function Counts({ crawl }: { crawl: CrawlRead }) {
  const { knowledge: { crawl: text } } = useText()
  return <span className="block text-small text-muted">{text.counts(crawl.pages_found, crawl.pages_read, crawl.pages_skipped, crawl.pages_failed)}</span>
}

function again(): void {
  for (const key of ['crawl', 'crawls', 'crawl-pages', 'documents', 'datasets']) void queries.invalidateQueries({ queryKey: [key] })
}

/** Grows line by line while pages are read. */
export function CrawlDetail({ datasetId, crawlId }: { datasetId: string; crawlId: string }) {
  const { knowledge: { crawl: text, refresh } } = useText()
  const path = { dataset_id: datasetId, crawl_id: crawlId }
  const crawl = useQuery({ queryKey: ['crawl', crawlId], retry: false, queryFn: () => read(api.GET('/v1/tenant/datasets/{dataset_id}/crawls/{crawl_id}', { params: { path } })) })
  const pages = useQuery({ queryKey: ['crawl-pages', crawlId], retry: false, queryFn: () => read(api.GET('/v1/tenant/datasets/{dataset_id}/crawls/{crawl_id}/pages', { params: { path, query: { limit: 200 } } })) })
  const stop = useForm(async () => { await api.POST('/v1/tenant/datasets/{dataset_id}/crawls/{crawl_id}/cancel', { params: { path } }); again() })
  const repeat = useForm(async () => { await api.POST('/v1/tenant/datasets/{dataset_id}/crawls/{crawl_id}/repeat', { params: { path } }); again() })
  return (
    <Loaded query={crawl}>
      {(data) => {
        const running = isReading(data)
        const done = data.pages_read + data.pages_skipped + data.pages_failed
        return (
          <>
            <div className="flex flex-wrap items-center gap-3">
              <Status tone={TONES[data.status] ?? 'neutral'}>{text.states[data.status]}</Status>
              <span className="flex-1" />
              {running && !live.on && <Button small icon={<RefreshCw size={16} aria-hidden />} onClick={again}>{refresh}</Button>}
              {running ? <Button small busy={stop.busy} icon={<Square size={16} aria-hidden />} onClick={() => void stop.submit()}>{text.cancel}</Button> : <Button small busy={repeat.busy} icon={<RefreshCw size={16} aria-hidden />} onClick={() => void repeat.submit()}>{text.repeat}</Button>}
            </div>
            <div role="status">
              {running && <Meter value={data.pages_found ? done / data.pages_found : 0} label={text.list} />}
              <Counts crawl={data} />
              {data.notice && <p className="mt-1 text-muted"><ServerText text={data.notice} /></p>}
              {(data.error || stop.error || repeat.error) && <p className="text-danger-ink">{data.error ? <ServerText text={data.error} /> : (stop.error ?? repeat.error)}</p>}
            </div>
            <Loaded query={pages}>{({ items }) => <Pages items={items} />}</Loaded>
          </>
        )
      }}
    </Loaded>
  )
}

function Pages({ items }: { items: CrawlPage[] }) {
  const { knowledge: { crawl: text } } = useText()
  if (items.length === 0) return <p className="text-muted">{text.none}</p>
  return (
    <ul className="divide-y rounded-card border">
      {items.map((page) => (
        <li key={page.id} className="animate-appear flex flex-wrap items-baseline gap-x-3 px-4 py-2">
          <span className="min-w-0 flex-1 basis-48"><span className="block truncate">{page.title || page.url}</span><span className="block truncate text-small text-muted">{page.url}</span></span>
          <span className="text-small"><Status tone={TONES[page.status] ?? 'neutral'}>{text.pageStates[page.status]}</Status></span>
          {page.reason && <span className="w-full text-small text-muted"><ServerText text={page.reason} /></span>}
        </li>
      ))}
    </ul>
  )
}
