/** What was said: a list with filters, and each conversation with its answers' sources and traces. */
import type { paths, Schemas } from '@shopwright/api'
import { Button, Chip, cx, Empty, Loading, SelectField, Sheet, TextField } from '@shopwright/ui'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { ListFilter, MessagesSquare, X } from 'lucide-react'
import { useState } from 'react'
import { api, read } from '../api'
import { at, useBots } from '../data/account'
import { useChannels } from '../data/channels'
import { Page } from '../frame/Page'
import { PlatformIcon } from '../frame/PlatformIcon'
import { ProblemView } from '../frame/problems'
import { When } from '../frame/When'
import { useText } from '../i18n'
import { OUTCOME_TONES } from './bot/Playground'
import { usePlatformName } from './channels/standing'
import { TalkTabs } from './contacts/TalkTabs'
import { Conversation } from './conversation/Conversation'
import { Rating } from './conversation/Said'
import { DocumentSheet } from './knowledge/DocumentSheet'

type ConversationItem = Schemas['ConversationRead']
type Asked = NonNullable<paths['/v1/tenant/conversations']['get']['parameters']['query']>

interface Filters {
  bot_id?: string
  channel?: string
  outcome?: NonNullable<Asked['outcome']>
  rating?: NonNullable<Asked['rating']>
  q?: string
  from?: string
  to?: string
}
interface Search extends Filters {
  open?: string
  document?: string
  version?: string
  start?: string
  end?: string
}
const NAMES = ['bot_id', 'channel', 'outcome', 'rating', 'q', 'from', 'to'] as const

export function Conversations() {
  const { conversations: text, common } = useText()
  const search = useSearch({ strict: false }) as Search
  const navigate = useNavigate()
  const show = (part: Search) => void navigate({ to: '.', search: (before: Search) => ({ ...before, ...part }), resetScroll: false })
  const filters = Object.fromEntries(NAMES.map((name) => [name, search[name]]).filter(([, value]) => value)) as Filters
  const pages = useInfiniteQuery({
    queryKey: ['conversations', filters],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) => read(api.GET('/v1/tenant/conversations', { params: { query: { ...at(pageParam, 50), ...filters } } })),
    getNextPageParam: (last) => last.next_cursor ?? undefined,
  })
  const rows = pages.data?.pages.flatMap(({ items }) => items) ?? []
  const filtered = Object.keys(filters).length > 0
  return (
    <>
      <TalkTabs />
      <Page wide title={text.title} about={text.about}>
        <FilterBar filters={filters} onChange={show} />
        {pages.error && !pages.data ? (
          <ProblemView error={pages.error} retry={() => void pages.refetch()} />
        ) : !pages.data ? (
          <Loading label={common.loading} />
        ) : rows.length === 0 ? (
          <Empty icon={MessagesSquare} title={filtered ? text.noneFound : text.emptyTitle}>{filtered ? undefined : text.empty}</Empty>
        ) : (
          <>
            <ul className="divide-y rounded-card border bg-surface">
              {rows.map((row) => <li key={row.id}><Row row={row} onOpen={() => show({ open: row.id })} /></li>)}
            </ul>
            {pages.hasNextPage && <Button className="self-center" busy={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>{common.more}</Button>}
          </>
        )}
        <Sheet open={Boolean(search.open)} onClose={() => show({ open: '' })} title={text.open}>
          {search.open && <Conversation key={search.open} id={search.open} onGone={() => show({ open: '' })} onOpen={(span) => show({ document: span.document_id, version: String(span.document_version), start: String(span.start), end: String(span.end) })} />}
        </Sheet>
        <DocumentSheet {...search} onClose={() => show({ document: '', version: '', start: '', end: '' })} />
      </Page>
    </>
  )
}

const options = (any: string, names: Record<string, string>) => [{ value: '', label: any }, ...Object.entries(names).map(([value, label]) => ({ value, label }))]

function FilterBar({ filters, onChange }: { filters: Filters; onChange: (part: Filters) => void }) {
  const { conversations: text, playground, channels } = useText()
  const bots = useBots()
  const offered = useChannels()
  const nameOf = usePlatformName()
  const [typed, setTyped] = useState(filters.q ?? '')
  const [open, setOpen] = useState(false)
  return (
    <form role="search" aria-label={text.filters} className="grid grid-cols-2 items-end gap-3 md:grid-cols-4 2xl:grid-cols-[minmax(180px,2fr)_1fr_1fr_1fr_1fr_150px_150px_auto]" onSubmit={(event) => { event.preventDefault(); onChange({ q: typed.trim() }) }}>
      <div className="max-2xl:col-span-2"><TextField label={text.text} type="search" value={typed} maxLength={200} onChange={(event) => setTyped(event.target.value)} onBlur={() => onChange({ q: typed.trim() })} /></div>
      <Button className="col-span-2 md:hidden" aria-expanded={open} icon={<ListFilter size={16} aria-hidden />} onClick={() => setOpen(!open)}>{text.filters}</Button>
      <div className={cx('contents', !open && 'max-md:hidden')}>
        <SelectField label={text.bot} value={filters.bot_id ?? ''} options={options(text.allBots, Object.fromEntries((bots.data ?? []).map(({ id, name }) => [id, name])))} onChange={(event) => onChange({ bot_id: event.target.value })} />
        <SelectField label={text.channel} value={filters.channel ?? ''} options={options(text.anyChannel, { web: channels.names['web'] ?? '', ...Object.fromEntries((offered.data ?? []).map((one) => [one.channel, nameOf(one)])) })} onChange={(event) => onChange({ channel: event.target.value })} />
        <SelectField label={text.outcome} value={filters.outcome ?? ''} options={options(text.anyOutcome, playground.outcomes)} onChange={(event) => onChange({ outcome: event.target.value as Filters['outcome'] & string })} />
        <SelectField label={text.rating} value={filters.rating ?? ''} options={options(text.anyRating, text.ratings)} onChange={(event) => onChange({ rating: event.target.value as Filters['rating'] & string })} />
        <TextField label={text.from} type="date" value={filters.from ?? ''} onChange={(event) => onChange({ from: event.target.value })} />
        <TextField label={text.to} type="date" value={filters.to ?? ''} onChange={(event) => onChange({ to: event.target.value })} />
        <Button disabled={Object.keys(filters).length === 0} icon={<X size={16} aria-hidden />} onClick={() => { setTyped(''); onChange(Object.fromEntries(NAMES.map((name) => [name, '']))) }}>{text.clear}</Button>
      </div>
    </form>
  )
}

function Row({ row, onOpen }: { row: ConversationItem; onOpen: () => void }) {
  const text = useText()
  const bots = useBots()
  const nameOf = usePlatformName()
  const channel = row.channel ?? 'web'
  return (
    <button type="button" onClick={onOpen} className="flex w-full flex-wrap items-center gap-x-4 gap-y-1 px-4 py-3 text-start hover:bg-hover">
      <PlatformIcon channel={channel} className="text-muted" />
      <span className="sr-only">{nameOf({ channel })}</span>
      <span className="min-w-0 flex-1 basis-60">
        <span className="block truncate">{row.last_message || text.common.messages(row.message_count)}</span>
        <span className="block truncate text-small text-muted">{bots.data?.find(({ id }) => id === row.bot_id)?.name} · {text.common.messages(row.message_count)}</span>
      </span>
      <span className="flex flex-wrap gap-1">
        {row.outcomes.map((outcome) => <Chip key={outcome} tone={OUTCOME_TONES[outcome as keyof typeof OUTCOME_TONES] ?? 'neutral'}>{text.playground.outcomes[outcome] ?? outcome}</Chip>)}
        <Rating rating={row.rating} />
        {row.status !== 'bot' && <Chip tone="info">{text.conversations.status[row.status] ?? row.status}</Chip>}
      </span>
      <span className="ms-auto text-small text-muted md:w-28 md:text-end"><When at={row.updated_at} /></span>
    </button>
  )
}
