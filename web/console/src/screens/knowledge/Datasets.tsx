/** All collections of documents. */
import { Button, Dialog, Empty, Status, TextArea, TextField } from '@shopwright/ui'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { BookOpen, ChevronRight, Plus } from 'lucide-react'
import { useState } from 'react'
import { api, queries, read } from '../../api'
import { useMay } from '../../data/account'
import { useDatasets, type DatasetRead } from '../../data/knowledge'
import { Page } from '../../frame/Page'
import { Loaded } from '../../frame/problems'
import { useForm } from '../../frame/useForm'
import { useText } from '../../i18n'
import { DocumentSheet } from './DocumentSheet'

export function Datasets() {
  const { knowledge: text, common } = useText()
  const datasets = useDatasets()
  const may = useMay('bots')
  const navigate = useNavigate()
  const search = useSearch({ strict: false }) as { new?: string; document?: string; version?: string; start?: string; end?: string }
  const show = (next: Record<string, string>) => void navigate({ to: '.', search: next, resetScroll: false })
  const create = may && <Button look="primary" icon={<Plus size={16} aria-hidden />} onClick={() => show({ new: '1' })}>{text.newCollection}</Button>
  return (
    <Page title={text.title} about={text.about} actions={datasets.data?.length ? create : undefined}>
      <Loaded query={datasets}>
        {(all) =>
          all.length === 0 ? (
            <Empty icon={BookOpen} title={text.emptyTitle} action={create}>{text.empty}</Empty>
          ) : (
            <ul className="divide-y rounded-card border bg-surface">
              {all.map((one) => (
                <li key={one.id}>
                  <Link to={`/knowledge/${one.id}`} className="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-4 no-underline hover:bg-hover">
                    <BookOpen size={20} aria-hidden className="shrink-0 text-accent-ink" />
                    <span className="min-w-0 flex-1 basis-48">
                      <span className="block truncate font-medium">{one.name}</span>
                      <span className="block truncate text-small text-muted">{one.description || common.documents(total(one))}</span>
                    </span>
                    <span className="flex flex-wrap gap-x-4 text-small"><Counts dataset={one} /></span>
                    <ChevronRight size={16} aria-hidden className="text-muted max-sm:hidden rtl:rotate-180" />
                  </Link>
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
      {search.new && may && <NewDataset onClose={() => show({})} />}
      <DocumentSheet {...search} onClose={() => show({})} />
    </Page>
  )
}

export const total = ({ documents }: DatasetRead) => documents.completed + documents.failed + documents.pending + documents.processing

export function Counts({ dataset: { documents } }: { dataset: DatasetRead }) {
  const { knowledge: text, common } = useText()
  const waiting = documents.pending + documents.processing
  return (
    <>
      <Status tone="success">{common.documents(documents.completed)}</Status>
      {waiting > 0 && <Status tone="info">{text.waiting(waiting)}</Status>}
      {documents.failed > 0 && <Status tone="danger">{text.failed(documents.failed)}</Status>}
    </>
  )
}

export async function createDataset(name: string, description = ''): Promise<DatasetRead> {
  const dataset = await read(api.POST('/v1/tenant/datasets', { body: { name, description, tags: [], metadata: {} } }))
  await queries.invalidateQueries({ queryKey: ['datasets'] })
  return dataset
}

function NewDataset({ onClose }: { onClose: () => void }) {
  const { knowledge: text, ui } = useText()
  const navigate = useNavigate()
  const [given, set] = useState({ name: '', description: '' })
  const form = useForm(async () => {
    const dataset = await createDataset(given.name.trim(), given.description)
    await navigate({ to: `/knowledge/${dataset.id}` })
  }, ['name', 'description'])
  return (
    <Dialog open onClose={onClose} title={text.newCollection} about={text.newAbout}>
      <form className="flex flex-col gap-4" onSubmit={(event) => void form.submit(event)}>
        <TextField label={text.nameLabel} required maxLength={120} value={given.name} onChange={(event) => set({ ...given, name: event.target.value })} error={form.errorOf('name')} />
        <TextArea label={text.descriptionLabel} rows={2} value={given.description} onChange={(event) => set({ ...given, description: event.target.value })} error={form.errorOf('description')} />
        {form.error && <p role="alert" className="text-danger-ink">{form.error}</p>}
        <div className="flex justify-end gap-2"><Button onClick={onClose}>{ui.cancel}</Button><Button look="primary" type="submit" busy={form.busy}>{text.newCollection}</Button></div>
      </form>
    </Dialog>
  )
}
