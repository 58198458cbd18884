/** ⌘K: pages, bots, documents, conversations. */
import { cx } from '@shopwright/ui'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { BookOpen, Bot, FileText, MessageSquare, Plus, Search } from 'lucide-react'
import { Dialog } from 'radix-ui'
import { useDeferredValue, useId, useMemo, useState, type ReactNode } from 'react'
import { api, read } from '../api'
import { useBots } from '../data/account'
import { useDatasets } from '../data/knowledge'
import { useText } from '../i18n'
import type { Place } from './Frame'

interface Entry {
  group: string
  label: string
  to: string
  icon: ReactNode
}

export default function Palette({ onClose, places }: { onClose: () => void; places: Place[] }) {
  const text = useText()
  const navigate = useNavigate()
  const list = useId()
  const [typed, setTyped] = useState('')
  const [at, setAt] = useState(0)
  const found = useEntries(useDeferredValue(typed.trim()), places)
  const go = (entry: Entry | undefined) => {
    if (!entry) return
    onClose()
    void navigate({ to: entry.to })
  }
  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className="animate-appear fixed inset-0 z-40 bg-veil" />
        <Dialog.Content aria-describedby={undefined} className="animate-rise fixed inset-x-3 top-[10vh] z-40 mx-auto flex max-h-[70vh] max-w-xl flex-col overflow-hidden rounded-card bg-surface shadow-float">
          <Dialog.Title className="sr-only">{text.frame.palette.label}</Dialog.Title>
          <div className="flex items-center gap-3 border-b px-4">
            <Search size={20} aria-hidden className="text-muted" />
            <input
              role="combobox"
              aria-expanded
              aria-controls={list}
              aria-activedescendant={found[at] ? `${list}-${at}` : undefined}
              aria-label={text.frame.palette.label}
              placeholder={text.frame.searchHint}
              value={typed}
              onChange={(event) => { setTyped(event.target.value); setAt(0) }}
              onKeyDown={(event) => {
                if (event.key === 'ArrowDown') setAt((now) => Math.min(now + 1, found.length - 1))
                else if (event.key === 'ArrowUp') setAt((now) => Math.max(now - 1, 0))
                else if (event.key === 'Enter') go(found[at])
                else return
                event.preventDefault()
              }}
              className="h-12 min-w-0 flex-1 bg-transparent text-lead outline-none"
            />
          </div>
          <div id={list} role="listbox" aria-label={text.frame.palette.label} tabIndex={-1} className="overflow-y-auto p-2">
            {found.map((entry, index) => (
              <div key={`${entry.to}${entry.label}`} role="presentation">
                {entry.group !== found[index - 1]?.group && <p role="presentation" className="px-2 pt-2 pb-1 text-small text-muted">{entry.group}</p>}
                <div
                  id={`${list}-${index}`}
                  role="option"
                  tabIndex={-1}
                  aria-selected={index === at}
                  onPointerMove={() => setAt(index)}
                  onClick={() => go(entry)}
                  ref={(node) => { if (index === at) node?.scrollIntoView({ block: 'nearest' }) }}
                  className={cx('flex min-h-9 cursor-pointer items-center gap-3 rounded-control px-2 pointer-coarse:min-h-11', index === at && 'bg-accent-soft text-accent-ink')}
                >
                  {entry.icon}
                  <span className="truncate">{entry.label}</span>
                </div>
              </div>
            ))}
          </div>
          {found.length === 0 && <p role="status" className="px-4 py-6 text-center text-muted">{text.frame.palette.nothing}</p>}
          <p className="border-t px-4 py-2 text-small text-muted max-md:hidden">{text.frame.palette.keys}</p>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  )
}

function useEntries(typed: string, places: Place[]): Entry[] {
  const text = useText()
  const bots = useBots()
  const datasets = useDatasets()
  const documents = useQuery({
    queryKey: ['palette-documents', datasets.data?.map(({ id }) => id)],
    enabled: Boolean(datasets.data?.length) && typed.length > 1,
    queryFn: () => loadTitles(datasets.data ?? []),
    staleTime: 60_000,
  })
  const conversations = useQuery({
    queryKey: ['palette-conversations', typed],
    enabled: typed.length > 2,
    retry: false,
    queryFn: () => read(api.GET('/v1/tenant/conversations', { params: { query: { q: typed, limit: 5 } } })),
  })
  return useMemo(() => {
    const groups = text.frame.palette
    const fits = (label: string) => label.toLowerCase().includes(typed.toLowerCase())
    const pages = places.map(({ to, label, icon: Icon }) => ({ group: groups.pages, label, to, icon: <Icon size={16} aria-hidden /> }))
    const actions = [
      { group: groups.actions, label: text.bots.create, to: '/onboarding', icon: <Plus size={16} aria-hidden /> },
      { group: groups.actions, label: text.frame.profile, to: '/settings/profile', icon: <Plus size={16} aria-hidden /> },
    ]
    const ofBots = (bots.data ?? []).flatMap((bot) => [
      { group: groups.bots, label: bot.name, to: `/bots/${bot.id}`, icon: <Bot size={16} aria-hidden /> },
      { group: groups.bots, label: `${bot.name}: ${text.bots.tabs.try}`, to: `/bots/${bot.id}/try`, icon: <Bot size={16} aria-hidden /> },
    ])
    const ofDatasets = (datasets.data ?? []).map((one) => ({ group: groups.documents, label: one.name, to: `/knowledge/${one.id}`, icon: <BookOpen size={16} aria-hidden /> }))
    const ofDocuments = (documents.data ?? []).map((one) => ({ group: groups.documents, label: one.title, to: `/knowledge/${one.dataset_id}?document=${one.id}`, icon: <FileText size={16} aria-hidden /> }))
    const talks = (conversations.data?.items ?? []).map((one) => ({
      group: groups.conversations, label: one.last_message || one.session_id, to: `/conversations?open=${one.id}`, icon: <MessageSquare size={16} aria-hidden />,
    }))
    return [...[...pages, ...actions, ...ofBots, ...ofDatasets, ...ofDocuments].filter(({ label }) => fits(label)).slice(0, 40), ...talks]
  }, [typed, places, text, bots.data, datasets.data, documents.data, conversations.data])
}

async function loadTitles(datasets: readonly { id: string }[]) {
  const pages = await Promise.all(
    datasets.slice(0, 10).map(({ id }) => read(api.GET('/v1/tenant/datasets/{dataset_id}/documents', { params: { path: { dataset_id: id }, query: { limit: 200 } } }))),
  )
  return pages.flatMap(({ items }) => items)
}
