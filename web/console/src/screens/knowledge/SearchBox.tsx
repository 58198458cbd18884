/** "What would the bot find for …?": the passages, with why. */
import type { Schemas } from '@shopwright/api'
import { Button, Chip, IconButton, Meter, TextField } from '@shopwright/ui'
import { Search, X } from 'lucide-react'
import { useState } from 'react'
import { api, read } from '../../api'
import { useForm } from '../../frame/useForm'
import { useFormat, useText } from '../../i18n'
import type { SpanOf } from '../bot/TraceView'

type SearchHit = Schemas['SearchHit']

async function find(datasetId: string, query: string): Promise<SearchHit[]> {
  const body = { query, limit: 6, explain: true, history: [] }
  return (await read(api.POST('/v1/tenant/datasets/{dataset_id}/search', { params: { path: { dataset_id: datasetId } }, body }))).items
}

export function SearchBox({ datasetId, onOpen }: { datasetId: string; onOpen: (span: SpanOf) => void }) {
  const { knowledge: text, ui } = useText()
  const [typed, setTyped] = useState('')
  const [hits, setHits] = useState<SearchHit[] | null>(null)
  const form = useForm(async () => setHits(await find(datasetId, typed.trim())))
  return (
    <section aria-label={text.searchLabel} className="rounded-card border bg-rail p-4">
      <form className="flex items-end gap-2" onSubmit={(event) => void form.submit(event)}>
        <div className="min-w-0 flex-1">
          <TextField label={text.searchLabel} placeholder={text.searchPlaceholder} required maxLength={4000} value={typed} onChange={(event) => setTyped(event.target.value)} error={form.error} type="search" />
        </div>
        <Button type="submit" busy={form.busy} icon={<Search size={16} aria-hidden />}>{text.searchButton}</Button>
      </form>
      <div aria-live="polite">
        {hits && (
          <div className="mt-4">
            <div className="mb-2 flex items-center justify-between">
              <p className="font-medium">{hits.length ? text.searchResults(hits.length) : text.searchNothing}</p>
              <IconButton label={ui.close} onClick={() => setHits(null)}><X size={16} aria-hidden /></IconButton>
            </div>
            <ol className="grid gap-2 lg:grid-cols-2">
              {hits.map((hit, at) => <li key={at}><Hit hit={hit} onOpen={onOpen} /></li>)}
            </ol>
          </div>
        )}
      </div>
    </section>
  )
}

function Hit({ hit, onOpen }: { hit: SearchHit; onOpen: (span: SpanOf) => void }) {
  const { knowledge: text, playground } = useText()
  const format = useFormat()
  const words = hit.why?.words ?? hit.signals['words']
  const meaning = hit.why?.vector ?? hit.signals['meaning']
  return (
    <button type="button" onClick={() => onOpen(hit)} className="flex h-full w-full flex-col gap-2 rounded-card border bg-surface p-3 text-start hover:border-line-strong">
      <span className="w-full truncate font-medium">{hit.title}{hit.page !== null && <span className="font-normal text-muted"> · {text.page(hit.page)}</span>}</span>
      <span className="w-full"><Meter value={hit.score} label={`${playground.score}: ${hit.title}`} text={format.percent(hit.score)} /></span>
      <span className="line-clamp-3 text-muted">{hit.text}</span>
      <span className="flex flex-wrap gap-1">
        {hit.why?.exact.map((word) => <Chip key={word} tone="accent">{text.whyExact(word)}</Chip>)}
        {words !== undefined && <Chip>{text.whyWords} {format.number(words, 2)}</Chip>}
        {meaning !== undefined && <Chip>{text.whyMeaning} {format.number(meaning, 2)}</Chip>}
      </span>
    </button>
  )
}
