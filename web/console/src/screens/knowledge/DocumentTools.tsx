/** What can be done with a document: its state, a retry, a correction, its versions, its end. */
import { Button, Chip, Confirm, Dialog, Menu, MenuItem, Notice, TextArea, TextField, useToast } from '@shopwright/ui'
import { useQuery } from '@tanstack/react-query'
import { History, PencilLine, RotateCw, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { api, queries, read } from '../../api'
import { useMay } from '../../data/account'
import type { DocumentRead } from '../../data/knowledge'
import { useForm } from '../../frame/useForm'
import { useFormat, useText } from '../../i18n'
import { ServerText } from '../../i18n/server'
import { DocumentState } from './DocumentState'

export function refreshDocuments(): void {
  for (const key of ['documents', 'document', 'datasets', 'readiness']) void queries.invalidateQueries({ queryKey: [key] })
}

interface Props {
  document: DocumentRead
  shown: number | null
  onShow: (version: number) => void
  onGone: () => void
}

export function DocumentTools({ document, shown, onShow, onGone }: Props) {
  const text = useText()
  const format = useFormat()
  const toast = useToast()
  const may = useMay('bots')
  const [asking, setAsking] = useState(false)
  const [editing, setEditing] = useState(false)
  const path = { dataset_id: document.dataset_id, document_id: document.id }
  const versions = useQuery({
    queryKey: ['document', document.id, 'versions', document.newest_version],
    queryFn: () => read(api.GET('/v1/tenant/datasets/{dataset_id}/documents/{document_id}/versions', { params: { path } })),
  })
  const retry = useForm(async () => {
    await api.POST('/v1/tenant/datasets/{dataset_id}/documents/{document_id}/retry', { params: { path } })
    refreshDocuments()
  })
  const remove = useForm(async () => {
    await api.DELETE('/v1/tenant/datasets/{dataset_id}/documents/{document_id}', { params: { path } })
    refreshDocuments()
    toast(text.knowledge.removed(document.title))
    onGone()
  })
  return (
    <>
      <div className="flex flex-wrap items-center gap-2">
        <DocumentState document={document} />
        <span className="flex-1" />
        {(versions.data?.items.length ?? 0) > 1 && (
          <Menu label={text.knowledge.versions} trigger={<Button small icon={<History size={16} aria-hidden />}>{text.knowledge.version(shown ?? 1)}</Button>}>
            {versions.data?.items.map(({ version, created_at }) => (
              <MenuItem key={version} checked={version === shown} onSelect={() => onShow(version)}>
                {text.knowledge.version(version)} <span className="text-small text-muted">{format.dateTime(created_at)}</span>
              </MenuItem>
            ))}
          </Menu>
        )}
        {may && (
          <>
            <Button small icon={<PencilLine size={16} aria-hidden />} onClick={() => setEditing(true)}>{text.knowledge.correct}</Button>
            <Button small icon={<Trash2 size={16} aria-hidden />} onClick={() => setAsking(true)}>{text.common.delete}</Button>
          </>
        )}
      </div>
      {document.status === 'failed' && (
        <Notice tone="danger" title={text.knowledge.couldNotRead(document.title)} action={may && <Button small icon={<RotateCw size={16} aria-hidden />} busy={retry.busy} onClick={() => void retry.submit()}>{text.common.retry}</Button>}>
          <ServerText text={document.error} />
          {retry.error && <p>{retry.error}</p>}
        </Notice>
      )}
      {document.tags.length > 0 && <p className="flex flex-wrap gap-1">{document.tags.map((tag) => <Chip key={tag}>{tag}</Chip>)}</p>}
      {editing && <Correct document={document} onClose={() => setEditing(false)} />}
      <Confirm open={asking} onClose={() => setAsking(false)} onConfirm={() => void remove.submit()} title={text.knowledge.deleteTitle} about={text.knowledge.deleteAbout} action={text.common.delete} name={document.title} busy={remove.busy} error={remove.error} />
    </>
  )
}

/** The text that answers now, to be corrected: saving makes a new version. */
function Correct({ document, onClose }: { document: DocumentRead; onClose: () => void }) {
  const text = useText()
  const toast = useToast()
  const path = { dataset_id: document.dataset_id, document_id: document.id }
  const [title, setTitle] = useState(document.title)
  const [content, setContent] = useState<string | null>(null)
  const old = useQuery({
    queryKey: ['document', document.id, 'text', document.version],
    enabled: document.version !== null,
    staleTime: Infinity,
    queryFn: () => read(api.GET('/v1/tenant/datasets/{dataset_id}/documents/{document_id}/text', { params: { path } })),
  })
  const form = useForm(async () => {
    await api.PUT('/v1/tenant/datasets/{dataset_id}/documents/{document_id}/content', { params: { path }, body: { title, content: content ?? old.data?.text ?? '' } })
    refreshDocuments()
    toast(text.knowledge.corrected)
    onClose()
  }, ['title', 'content'])
  return (
    <Dialog open onClose={onClose} wide title={text.knowledge.correctTitle} about={text.knowledge.correctAbout} footer={<><Button onClick={onClose}>{text.ui.cancel}</Button><Button look="primary" busy={form.busy} onClick={() => void form.submit()}>{text.common.save}</Button></>}>
      <TextField label={text.knowledge.titleLabel} value={title} maxLength={300} onChange={(event) => setTitle(event.target.value)} error={form.errorOf('title')} />
      <TextArea label={text.knowledge.textLabel} rows={14} className="max-h-[50vh] font-mono text-small!" value={content ?? old.data?.text ?? ''} disabled={old.isLoading} onChange={(event) => setContent(event.target.value)} error={form.errorOf('content')} />
      {form.error && <p role="alert" className="text-danger-ink">{form.error}</p>}
    </Dialog>
  )
}
