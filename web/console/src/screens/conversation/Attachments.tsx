/** What came beside the words of a message: pictures as pictures, everything else by its name, to be saved. */
import type { Schemas } from '@shopwright/api'
import { Button, Dialog, IconButton, useToast } from '@shopwright/ui'
import { useQuery } from '@tanstack/react-query'
import { CircleAlert, Download, File, Image, MapPin, Mic, Sticker, Video, type LucideIcon } from 'lucide-react'
import { useState } from 'react'
import { api, read } from '../../api'
import type { Parts } from '../../data/parts'
import { useSentence } from '../../frame/problems'
import { useFormat, useText } from '../../i18n'
import { ServerText } from '../../i18n/server'

type Kept = Schemas['AttachmentRead']
const KINDS: Record<string, LucideIcon> = { image: Image, audio: Mic, video: Video, sticker: Sticker }
const CARD = 'inline-flex min-h-9 max-w-full items-center gap-2 rounded-control border bg-surface px-2 py-1 text-small'

export function Attachments({ parts, kept }: { parts: Parts; kept: readonly Kept[] }) {
  const { conversations: text } = useText()
  if (parts.attachments.length + parts.places.length === 0) return null
  return (
    <ul className="mt-1 flex flex-wrap gap-2">
      {parts.attachments.map(({ id, kind, name }, at) => (
        <li key={at} className="max-w-full"><Attachment kind={kind} name={name || (text.attachments[kind] ?? text.attachments['file'] ?? '')} file={kept.find((one) => one.id === id)} /></li>
      ))}
      {parts.places.map(({ name, latitude, longitude }, at) => (
        <li key={at} className={CARD}><MapPin size={16} aria-hidden className="shrink-0" /><span className="sr-only">{text.place}: </span><span className="min-w-0 break-words">{name && `${name} · `}<span className="tabular-nums">{latitude.toFixed(5)}, {longitude.toFixed(5)}</span></span></li>
      ))}
    </ul>
  )
}

function Attachment({ kind, name, file }: { kind: string; name: string; file: Kept | undefined }) {
  const { conversations: text } = useText()
  if (file?.state === 'kept') return file.media_type?.startsWith('image/') ? <Picture name={name} file={file} /> : <Saved kind={kind} name={name} file={file} />
  const Kind = KINDS[kind] ?? File
  return (
    <span className={`${CARD} flex-wrap`}>
      <Kind size={16} aria-hidden className="shrink-0" />
      <span className="min-w-0 truncate">{name}</span>
      {file?.state === 'waiting' && <span className="text-muted">{text.fetching}</span>}
      {file?.state === 'failed' && <span className="inline-flex min-w-0 items-center gap-1 text-warning-ink"><CircleAlert size={16} aria-hidden className="shrink-0" /><span className="min-w-0 break-words"><ServerText text={file.reason} /></span></span>}
    </span>
  )
}

const bytesOf = (id: string): Promise<Blob> => read(api.GET('/v1/tenant/attachments/{attachment_id}', { params: { path: { attachment_id: id } }, parseAs: 'blob' })) as Promise<Blob>

/** As an address that holds the bytes: the page's policy shows no picture of others, and this one needs the session. */
async function pictureOf(id: string): Promise<string> {
  const bytes = await bytesOf(id)
  return new Promise((done, fail) => {
    const reader = new FileReader()
    reader.addEventListener('load', () => done(String(reader.result)))
    reader.addEventListener('error', () => fail(reader.error ?? new Error('unreadable')))
    reader.readAsDataURL(bytes)
  })
}

function Picture({ name, file }: { name: string; file: Kept }) {
  const { conversations: text } = useText()
  const [large, setLarge] = useState(false)
  const [broken, setBroken] = useState(false)
  const { data: url, error } = useQuery({ queryKey: ['attachment', file.id], queryFn: () => pictureOf(file.id), staleTime: Infinity })
  if (broken || error) return <Saved kind="image" name={name} file={file} />
  return (
    <>
      <button type="button" disabled={!url} aria-label={text.enlarge(name)} onClick={() => setLarge(true)} className="block max-w-full overflow-hidden rounded-control border bg-surface">
        {url ? <img src={url} alt="" onError={() => setBroken(true)} className="max-h-60 min-h-16 min-w-16 max-w-full object-contain" /> : <span className="block h-32 w-44 animate-wait bg-hover" />}
      </button>
      <Dialog wide open={large} onClose={() => setLarge(false)} title={name} footer={<Save look="primary" name={name} file={file} />}>
        {url && <img src={url} alt={name} className="mx-auto max-h-[65dvh] min-h-32 max-w-full object-contain" />}
      </Dialog>
    </>
  )
}

function Saved({ kind, name, file }: { kind: string; name: string; file: Kept }) {
  const format = useFormat()
  const Kind = KINDS[kind] ?? File
  return (
    <span className={CARD}>
      <Kind size={16} aria-hidden className="shrink-0" />
      <span className="min-w-0 truncate">{name}</span>
      {file.size_bytes !== null && <span className="whitespace-nowrap text-muted">{format.bytes(file.size_bytes)}</span>}
      <Save name={name} file={file} />
    </span>
  )
}

function Save({ name, file, look = 'quiet' }: { name: string; file: Kept; look?: 'quiet' | 'primary' }) {
  const { conversations: text } = useText()
  const [busy, setBusy] = useState(false)
  const toast = useToast()
  const say = useSentence()
  const save = async () => {
    setBusy(true)
    try {
      const link = document.createElement('a')
      link.href = URL.createObjectURL(await bytesOf(file.id))
      link.download = name
      link.click()
      URL.revokeObjectURL(link.href)
    } catch (error) {
      toast(say(error))
    } finally {
      setBusy(false)
    }
  }
  if (look === 'quiet') return <IconButton label={text.save(name)} disabled={busy} onClick={() => void save()} className="-me-1"><Download size={16} aria-hidden /></IconButton>
  return <Button look={look} busy={busy} icon={<Download size={16} aria-hidden />} aria-label={text.save(name)} onClick={() => void save()}>{text.download}</Button>
}
