/** One collection: what the bot would find, its documents, its websites. */
import { Button, Confirm, cx, Menu, MenuItem, useToast } from '@shopwright/ui'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { EllipsisVertical, FilePlus2, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { IconButton } from '@shopwright/ui'
import { api, queries, read } from '../../api'
import { useMay } from '../../data/account'
import type { DatasetRead } from '../../data/knowledge'
import { useUploads } from '../../data/uploads'
import { Page } from '../../frame/Page'
import { Loaded } from '../../frame/problems'
import { useForm } from '../../frame/useForm'
import { useText } from '../../i18n'
import { AddText, DropZone, FileButton, UploadList } from './Adding'
import { Counts } from './Datasets'
import { DocumentSheet } from './DocumentSheet'
import { refreshDocuments } from './DocumentTools'
import { Documents } from './Documents'
import { SearchBox } from './SearchBox'
import { Unused } from './Unused'
import { Websites } from './Websites'

export interface DatasetSearch {
  tab?: string
  status?: string
  document?: string
  version?: string
  start?: string
  end?: string
  crawl?: string
  add?: string
}

export function Dataset() {
  const { datasetId } = useParams({ strict: false }) as { datasetId: string }
  const dataset = useQuery({ queryKey: ['datasets', datasetId], queryFn: () => read(api.GET('/v1/tenant/datasets/{dataset_id}', { params: { path: { dataset_id: datasetId } } })) })
  return <Loaded query={dataset}>{(data) => <Screen key={datasetId} dataset={data} />}</Loaded>
}

function Screen({ dataset }: { dataset: DatasetRead }) {
  const { knowledge: text } = useText()
  const may = useMay('bots')
  const navigate = useNavigate()
  const search = useSearch({ strict: false }) as DatasetSearch
  const show = (part: DatasetSearch) => void navigate({ to: '.', search: (before: DatasetSearch) => ({ ...before, ...part }), resetScroll: false })
  const { uploads, add, retry, clear } = useUploads(dataset.id, refreshDocuments)
  const tab = search.tab ?? 'documents'
  return (
    <DropZone onFiles={may ? add : () => undefined}>
      <Page
        wide
        title={dataset.name}
        about={<span className="flex flex-wrap gap-x-4">{dataset.description && <span className="w-full">{dataset.description}</span>}<Counts dataset={dataset} /></span>}
        actions={
          may && (
            <>
              <Button icon={<FilePlus2 size={16} aria-hidden />} onClick={() => show({ add: 'text' })}>{text.addText}</Button>
              <FileButton primary onFiles={add} />
              <MoreMenu dataset={dataset} />
            </>
          )
        }
      >
        <UploadList uploads={uploads} onRetry={retry} onClear={clear} />
        <SearchBox datasetId={dataset.id} onOpen={(span) => show({ document: span.document_id, version: String(span.document_version), start: String(span.start), end: String(span.end) })} />
        <nav aria-label={dataset.name} className="-mb-2 flex gap-1 border-b">
          {(Object.keys(text.tabs) as (keyof typeof text.tabs)[]).map((name) => (
            <Link
              key={name}
              to="."
              search={name === 'documents' ? {} : { tab: name }}
              aria-current={tab === name ? 'page' : undefined}
              className={cx('flex min-h-11 items-center border-b-2 px-3 no-underline', tab === name ? 'border-accent font-medium text-accent-ink' : 'border-transparent text-ink-2 hover:text-ink')}
            >
              {text.tabs[name]}
            </Link>
          ))}
        </nav>
        {tab === 'documents' && <Documents dataset={dataset} status={search.status ?? ''} onStatus={(status) => show({ status })} onOpen={(id) => show({ document: id })} onFiles={add} />}
        {tab === 'websites' && <Websites datasetId={dataset.id} open={search.crawl} onOpen={(crawl) => show({ crawl: crawl ?? '' })} adding={search.add === 'website'} onAdding={(on) => show({ add: on ? 'website' : '' })} />}
        {tab === 'unused' && <Unused datasetId={dataset.id} onOpen={(id) => show({ document: id })} />}
      </Page>
      {search.add === 'text' && may && <AddText datasetId={dataset.id} onClose={() => show({ add: '' })} />}
      <DocumentSheet {...search} dataset={dataset.id} onClose={() => show({ document: '', version: '', start: '', end: '' })} />
    </DropZone>
  )
}

function MoreMenu({ dataset }: { dataset: DatasetRead }) {
  const { knowledge: text, common } = useText()
  const toast = useToast()
  const navigate = useNavigate()
  const [asking, setAsking] = useState(false)
  const remove = useForm(async () => {
    await api.DELETE('/v1/tenant/datasets/{dataset_id}', { params: { path: { dataset_id: dataset.id } } })
    await navigate({ to: '/knowledge' })
    void queries.invalidateQueries({ queryKey: ['datasets'] })
    toast(text.removed(dataset.name))
  })
  return (
    <>
      <Menu label={common.actions} trigger={<IconButton label={common.actions}><EllipsisVertical size={20} aria-hidden /></IconButton>}>
        <MenuItem danger icon={<Trash2 size={16} aria-hidden />} onSelect={() => setAsking(true)}>{text.deleteCollection}</MenuItem>
      </Menu>
      <Confirm open={asking} onClose={() => setAsking(false)} onConfirm={() => void remove.submit()} title={text.deleteCollectionTitle} about={text.deleteCollectionAbout} action={common.delete} name={dataset.name} busy={remove.busy} error={remove.error} />
    </>
  )
}
