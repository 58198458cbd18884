/** The ways knowledge comes in: files, a text, a website. */
import { Button, buttonClass, cx, Dialog, Meter, TextArea, TextField, useToast } from '@shopwright/ui'
import { Check, FileUp, X } from 'lucide-react'
import { useId, useState, type ReactNode } from 'react'
import { api, queries, read } from '../../api'
import type { Upload } from '../../data/uploads'
import { useSentence } from '../../frame/problems'
import { useForm } from '../../frame/useForm'
import { useFormat, useText } from '../../i18n'
import { refreshDocuments } from './DocumentTools'

/** Takes files that are dropped on it; the button inside does the same with the keyboard. */
export function DropZone({ onFiles, children, big }: { onFiles: (files: File[]) => void; children?: ReactNode; big?: boolean }) {
  const { knowledge: text } = useText()
  const [over, setOver] = useState(false)
  return (
    <div
      onDragOver={(event) => { event.preventDefault(); setOver(true) }}
      onDragLeave={(event) => { if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOver(false) }}
      onDrop={(event) => { event.preventDefault(); setOver(false); onFiles([...event.dataTransfer.files]) }}
      className={cx('rounded-card transition-colors', big && 'border border-dashed border-control px-6 py-8 text-center', over && 'bg-accent-soft outline-2 outline-accent')}
    >
      {big && (
        <div className="flex flex-col items-center gap-3">
          <FileUp size={20} aria-hidden className="text-accent-ink" />
          <p><span className="font-medium">{text.dropTitle}</span> <span className="text-muted">{text.dropHint}</span></p>
          <FileButton onFiles={onFiles} />
        </div>
      )}
      {children}
    </div>
  )
}

export function FileButton({ onFiles, primary }: { onFiles: (files: File[]) => void; primary?: boolean }) {
  const { knowledge: text } = useText()
  const id = useId()
  return (
    <label htmlFor={id} className={`${buttonClass(primary ? 'primary' : 'secondary')} focus-within:outline-2 focus-within:outline-offset-2 focus-within:outline-accent`}>
      <FileUp size={16} aria-hidden /> {text.upload}
      <input id={id} type="file" multiple className="sr-only" onChange={(event) => { onFiles([...(event.target.files ?? [])]); event.target.value = '' }} />
    </label>
  )
}

export function UploadList({ uploads, onRetry, onClear }: { uploads: Upload[]; onRetry: (upload: Upload) => void; onClear: () => void }) {
  const { knowledge: text, common } = useText()
  const format = useFormat()
  const say = useSentence()
  if (uploads.length === 0) return null
  const done = uploads.filter(({ state }) => state === 'sent' || state === 'duplicate').length
  const words = { waiting: text.waitingFile, sending: text.sending, sent: text.sent, duplicate: text.duplicate, failed: text.notSent }
  return (
    <section aria-label={text.upload} className="rounded-card border">
      <header className="flex items-center justify-between gap-3 border-b px-4 py-2">
        <p role="status" className="font-medium">{text.uploads(done, uploads.length)}</p>
        <Button small look="quiet" onClick={onClear}>{text.hideUploads}</Button>
      </header>
      <ul className="max-h-64 divide-y overflow-y-auto" tabIndex={0} aria-label={text.upload}>
        {uploads.map((upload) => (
          <li key={upload.id} className="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-2">
            <span className="min-w-0 flex-1 basis-40 truncate">{upload.file.name}</span>
            <span className="text-small text-muted">{format.bytes(upload.file.size)}</span>
            <span className="flex w-36 items-center gap-2 text-small">
              {upload.state === 'sending' ? (
                <Meter value={upload.progress} label={`${text.sending}: ${upload.file.name}`} text={format.percent(upload.progress)} />
              ) : (
                <>
                  {(upload.state === 'sent' || upload.state === 'duplicate') && <Check size={16} aria-hidden className="text-success-ink" />}
                  {upload.state === 'failed' && <X size={16} aria-hidden className="text-danger-ink" />}
                  {words[upload.state]}
                </>
              )}
            </span>
            {upload.state === 'failed' && (
              <p className="flex w-full flex-wrap items-center gap-3 text-danger-ink">
                <span role="alert" className="flex-1">{say(upload.error)}</span>
                <Button small onClick={() => onRetry(upload)}>{common.retry}</Button>
              </p>
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}

export function AddText({ datasetId, onClose }: { datasetId: string; onClose: () => void }) {
  const { knowledge: text } = useText()
  return (
    <Dialog open onClose={onClose} wide title={text.addText} about={text.addTextAbout}>
      <TextForm datasetId={datasetId} onDone={onClose} />
    </Dialog>
  )
}

export function TextForm({ datasetId, onDone }: { datasetId: string; onDone: () => void }) {
  const { knowledge: text } = useText()
  const toast = useToast()
  const [title, setTitle] = useState('')
  const [content, setContent] = useState('')
  const form = useForm(async () => {
    await api.POST('/v1/tenant/datasets/{dataset_id}/documents', { params: { path: { dataset_id: datasetId } }, body: { title: title.trim(), content, source_type: 'text', tags: [], metadata: {} } })
    refreshDocuments()
    toast(text.added(title.trim()))
    setTitle('')
    setContent('')
    onDone()
  }, ['title', 'content'])
  return (
    <form className="flex flex-col gap-4" onSubmit={(event) => void form.submit(event)}>
      <TextField label={text.addTextTitle} placeholder={text.addTextPlaceholder} required maxLength={300} value={title} onChange={(event) => setTitle(event.target.value)} error={form.errorOf('title')} />
      <TextArea label={text.textLabel} required rows={8} maxLength={2_000_000} value={content} onChange={(event) => setContent(event.target.value)} error={form.errorOf('content')} />
      {form.error && <p role="alert" className="text-danger-ink">{form.error}</p>}
      <div className="flex justify-end"><Button look="primary" type="submit" busy={form.busy}>{text.addText}</Button></div>
    </form>
  )
}

const lines = (value: string) => value.split('\n').map((line) => line.trim()).filter(Boolean)

export function CrawlForm({ datasetId, onDone, start = '' }: { datasetId: string; onDone: (crawlId: string, url: string) => void; start?: string }) {
  const { knowledge: { crawl: text } } = useText()
  const [given, set] = useState({ url: start, max_pages: 200, max_depth: 5, include: '', exclude: '' })
  const form = useForm(async () => {
    const url = /^https?:\/\//i.test(given.url.trim()) ? given.url.trim() : `https://${given.url.trim()}`
    const crawl = await read(api.POST('/v1/tenant/datasets/{dataset_id}/crawls', { params: { path: { dataset_id: datasetId } }, body: { url, max_pages: given.max_pages, max_depth: given.max_depth, include: lines(given.include), exclude: lines(given.exclude) } }))
    void queries.invalidateQueries({ queryKey: ['crawls'] })
    onDone(crawl.id, url)
  }, Object.keys(given))
  return (
    <form className="flex flex-col gap-4" onSubmit={(event) => void form.submit(event)}>
      <TextField label={text.address} hint={text.addressHint} inputMode="url" required maxLength={2000} value={given.url} onChange={(event) => set({ ...given, url: event.target.value })} error={form.errorOf('url')} />
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField label={text.pages} type="number" min={1} max={5000} value={given.max_pages} onChange={(event) => set({ ...given, max_pages: Number(event.target.value) })} error={form.errorOf('max_pages')} />
        <TextField label={text.depth} type="number" min={0} max={30} value={given.max_depth} onChange={(event) => set({ ...given, max_depth: Number(event.target.value) })} error={form.errorOf('max_depth')} />
        <TextArea label={text.only} hint={text.onlyHint} rows={2} value={given.include} onChange={(event) => set({ ...given, include: event.target.value })} error={form.errorOf('include')} />
        <TextArea label={text.except} rows={2} value={given.exclude} onChange={(event) => set({ ...given, exclude: event.target.value })} error={form.errorOf('exclude')} />
      </div>
      {form.error && <p role="alert" className="text-danger-ink">{form.error}</p>}
      <div className="flex justify-end"><Button look="primary" type="submit" busy={form.busy}>{text.start}</Button></div>
    </form>
  )
}
