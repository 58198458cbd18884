/** A document as the bot sees it: the extracted text, its passages, the cited span marked. */
import { Chip, cx, Notice, Sheet } from '@shopwright/ui'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useMemo, useRef, useState } from 'react'
import { api, read } from '../../api'
import { readAll } from '../../data/account'
import { useDocument, type DocumentRead } from '../../data/knowledge'
import { pieces, toUnits, type Piece } from '../../data/spans'
import { Loaded } from '../../frame/problems'
import { useFormat, useText } from '../../i18n'
import { DocumentTools } from './DocumentTools'

interface Props {
  document?: string
  dataset?: string
  version?: string
  start?: string
  end?: string
  onClose: () => void
}

export function DocumentSheet({ document: id, dataset, version, start, end, onClose }: Props) {
  const { knowledge: text } = useText()
  const found = useDocument(id, dataset)
  const mark = start && end ? { start: Number(start), end: Number(end) } : null
  return (
    <Sheet open={Boolean(id)} onClose={onClose} title={found.data?.title ?? text.document} {...(found.data ? { about: <Facts document={found.data} /> } : {})}>
      <Loaded query={found}>
        {(document) => <Body key={`${document.id} ${version}`} document={document} version={version ? Number(version) : document.version} mark={mark} onClose={onClose} />}
      </Loaded>
    </Sheet>
  )
}

function Facts({ document }: { document: DocumentRead }) {
  const { knowledge: text } = useText()
  const format = useFormat()
  const facts = [document.filename ?? document.url ?? text.typedIn, format.bytes(document.size_bytes), document.language?.toUpperCase(), text.passages(document.chunk_count)]
  return <span className="break-words">{facts.filter(Boolean).join(' · ')}</span>
}

function Body({ document, version, mark, onClose }: { document: DocumentRead; version: number | null; mark: { start: number; end: number } | null; onClose: () => void }) {
  const { knowledge: text } = useText()
  const [shown, setShown] = useState(version)
  const path = { dataset_id: document.dataset_id, document_id: document.id }
  const content = useQuery({
    queryKey: ['document', document.id, 'text', shown],
    enabled: shown !== null,
    staleTime: Infinity,
    queryFn: () => read(api.GET('/v1/tenant/datasets/{dataset_id}/documents/{document_id}/text', { params: { path, query: { version: shown ?? 1 } } })),
  })
  const passages = useQuery({
    queryKey: ['document', document.id, 'passages', document.version],
    enabled: shown !== null && shown === document.version,
    queryFn: () =>
      readAll((after) => read(api.GET('/v1/tenant/datasets/{dataset_id}/documents/{document_id}/passages', { params: { path, query: { limit: 200, ...(after ? { after: Number(after) } : {}) } } }))),
  })
  return (
    <>
      <DocumentTools document={document} onGone={onClose} shown={shown} onShow={setShown} />
      {shown !== null && shown !== document.version && <Notice tone="warning">{text.oldVersion(shown, document.version ?? 0)}</Notice>}
      {shown !== null && (
        <Loaded query={content} rows={8}>
          {(data) => (
            <>
              {data.warnings.map((warning) => <Notice key={warning} tone="warning">{warning}</Notice>)}
              <div className="flex items-center gap-2">
                <h3 className="text-base">{text.asTheBotSees}</h3>
                {mark && <Chip tone="warning">{text.markedPassage}</Chip>}
              </div>
              <Text text={data.text} passages={passages.data ?? []} mark={mark} />
            </>
          )}
        </Loaded>
      )}
    </>
  )
}

const SHOWN_BEFORE = 4_000
const SHOWN_AFTER = 16_000

/** Long texts show what surrounds the mark; the rest comes when asked for. */
function Text({ text, passages, mark }: { text: string; passages: readonly { start: number; end: number; ordinal: number }[]; mark: { start: number; end: number } | null }) {
  const { knowledge, common } = useText()
  const unit = useMemo(() => toUnits(text), [text])
  const markStart = mark ? unit(mark.start) : null
  const markEnd = mark ? unit(mark.end) : null
  const [from, setFrom] = useState(Math.max(0, (markStart ?? 0) - SHOWN_BEFORE))
  const [to, setTo] = useState((markEnd ?? 0) + SHOWN_AFTER)
  const cut = useMemo<Piece[]>(
    () => {
      const spans = passages.map((one) => ({ ordinal: one.ordinal, start: unit(one.start), end: unit(one.end) }))
      const marked = markStart === null || markEnd === null ? null : { start: markStart, end: markEnd }
      return pieces(text, spans, marked).filter((piece) => piece.start + piece.text.length > from && piece.start < to)
    },
    [text, passages, markStart, markEnd, from, to, unit],
  )
  const at = useRef<HTMLElement>(null)
  const firstMarked = cut.findIndex((piece) => piece.marked)
  useEffect(() => void at.current?.scrollIntoView({ block: 'center' }), [markStart, firstMarked])
  return (
    <div className="rounded-card border bg-sunk p-4 leading-relaxed break-words whitespace-pre-wrap" data-document-text>
      {from > 0 && <More label={knowledge.before} onClick={() => setFrom(Math.max(0, from - SHOWN_AFTER))} />}
      {cut.map((piece, index) =>
        piece.marked ? (
          <mark key={piece.start} ref={index === firstMarked ? at : null} tabIndex={index === firstMarked ? -1 : undefined} className="rounded-[3px] bg-mark text-ink ring-1 ring-mark-line outline-none">
            {piece.text}
          </mark>
        ) : (
          <span key={piece.start} className={cx(piece.passage !== null && (piece.passage % 2 ? 'bg-accent-soft/60' : 'bg-info-soft/60'))} title={piece.passage === null ? undefined : knowledge.passage(piece.passage + 1)}>
            {piece.text}
          </span>
        ),
      )}
      {to < text.length && <More label={common.more} onClick={() => setTo(to + 4 * SHOWN_AFTER)} />}
    </div>
  )
}

function More({ label, onClick }: { label: string; onClick: () => void }) {
  return <button type="button" onClick={onClick} className="my-2 block min-h-6 text-accent-ink underline underline-offset-2">{label}</button>
}
