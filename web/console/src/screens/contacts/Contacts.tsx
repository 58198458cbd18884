/** Who writes on platforms: a list with a search, and each person beside it. */
import { Button, Chip, Empty, Loading, SelectField, Sheet, TextField } from '@shopwright/ui'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { Contact as ContactIcon } from 'lucide-react'
import { useState } from 'react'
import { useChannels } from '../../data/channels'
import { calledOf, useContacts, type ContactFilters, type ContactSummary } from '../../data/contacts'
import { Page } from '../../frame/Page'
import { ProblemView } from '../../frame/problems'
import { When } from '../../frame/When'
import { useText } from '../../i18n'
import { usePlatformName } from '../channels/standing'
import { ContactDetail } from './ContactDetail'
import { Platforms } from './Platforms'
import { TalkTabs } from './TalkTabs'

interface Search extends ContactFilters {
  open?: string
}

export function Contacts() {
  const { contacts: text, common } = useText()
  const { q, channel, open } = useSearch({ strict: false }) as Search
  const navigate = useNavigate()
  const filters: ContactFilters = { ...(q ? { q } : {}), ...(channel ? { channel } : {}) }
  const show = (part: Search) => void navigate({ to: '.', search: (before: Search) => ({ ...before, ...part }), resetScroll: false })
  const pages = useContacts(filters)
  const rows = pages.data?.pages.flatMap(({ items }) => items) ?? []
  const filtered = Object.keys(filters).length > 0
  return (
    <>
      <TalkTabs />
      <Page title={text.title} about={text.about}>
        <FilterBar filters={filters} onChange={show} />
        {pages.error && !pages.data ? (
          <ProblemView error={pages.error} retry={() => void pages.refetch()} />
        ) : !pages.data ? (
          <Loading label={common.loading} />
        ) : rows.length === 0 ? (
          <Empty icon={ContactIcon} title={filtered ? text.noneFound : text.emptyTitle}>{filtered ? undefined : text.empty}</Empty>
        ) : (
          <>
            <ul className="divide-y rounded-card border bg-surface">
              {rows.map((row) => <li key={row.id}><Row row={row} onOpen={() => show({ open: row.id })} /></li>)}
            </ul>
            {pages.hasNextPage && <Button className="self-center" busy={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>{common.more}</Button>}
          </>
        )}
        <Sheet open={Boolean(open)} onClose={() => show({ open: '' })} title={text.open}>
          {open && <ContactDetail key={open} id={open} onOpen={(id) => show({ open: id })} onGone={() => show({ open: '' })} />}
        </Sheet>
      </Page>
    </>
  )
}

function FilterBar({ filters, onChange }: { filters: ContactFilters; onChange: (part: ContactFilters) => void }) {
  const { contacts: text } = useText()
  const nameOf = usePlatformName()
  const channels = useChannels()
  const [typed, setTyped] = useState(filters.q ?? '')
  const search = () => onChange({ q: typed.trim() })
  return (
    <form role="search" aria-label={text.search} className="grid items-end gap-3 sm:grid-cols-[minmax(0,2fr)_minmax(0,1fr)]" onSubmit={(event) => { event.preventDefault(); search() }}>
      <TextField label={text.search} type="search" value={typed} maxLength={200} onChange={(event) => setTyped(event.target.value)} onBlur={search} />
      <SelectField
        label={text.channel} value={filters.channel ?? ''} onChange={(event) => onChange({ channel: event.target.value })}
        options={[{ value: '', label: text.anyChannel }, ...(channels.data ?? []).map((one) => ({ value: one.channel, label: nameOf(one) }))]}
      />
    </form>
  )
}

function Row({ row, onOpen }: { row: ContactSummary; onOpen: () => void }) {
  const { contacts: text } = useText()
  return (
    <button type="button" onClick={onOpen} className="flex w-full flex-wrap items-center gap-x-4 gap-y-1 px-4 py-3 text-start hover:bg-hover">
      <span className="min-w-0 flex-1 basis-48">
        <span className="block truncate font-medium">{calledOf(row) || text.unnamed}</span>
        <span className="block truncate text-small text-muted">{[row.email, row.phone].filter((one) => one && one !== calledOf(row)).join(' · ')}</span>
      </span>
      {row.blocked && <Chip tone="danger">{text.blocked}</Chip>}
      {row.language && <Chip>{row.language.toUpperCase()}</Chip>}
      <Platforms channels={row.channels} />
      <span className="text-small text-muted md:w-28 md:text-end"><When at={row.updated_at} /></span>
    </button>
  )
}
