import { Button, cx } from '@shopwright/ui'
import { useQuery } from '@tanstack/react-query'
import { FileUp, Globe, Type } from 'lucide-react'
import { useState } from 'react'
import { api, read } from '../../api'
import { useUploads } from '../../data/uploads'
import { useText } from '../../i18n'
import { CrawlForm, DropZone, TextForm, UploadList } from '../knowledge/Adding'
import { total } from '../knowledge/Datasets'
import { refreshDocuments } from '../knowledge/DocumentTools'
import { CrawlDetail, isReading, useCrawls } from '../knowledge/Websites'
import { StepFoot, StepHead, type StepProps } from './Onboarding'

const WAYS = { website: Globe, files: FileUp, text: Type }
type Way = keyof typeof WAYS

export const useDataset = (id: string) =>
  useQuery({ queryKey: ['datasets', id], enabled: Boolean(id), queryFn: () => read(api.GET('/v1/tenant/datasets/{dataset_id}', { params: { path: { dataset_id: id } } })) })

export function KnowledgeStep({ state, go }: StepProps) {
  const { onboarding: text } = useText()
  const id = state.dataset_id ?? ''
  const [way, setWay] = useState<Way>(state.website ? 'website' : 'files')
  const crawls = useCrawls(id)
  const crawl = crawls.data?.items[0]
  const dataset = useDataset(id)
  const { uploads, add, retry, clear } = useUploads(id, refreshDocuments)
  const documents = dataset.data ? total(dataset.data) : 0
  const enough = documents > 0 || (crawl !== undefined && isReading(crawl))
  return (
    <div className="flex flex-col gap-8">
      <StepHead title={text.knowledgeTitle} about={text.knowledgeAbout} />
      <div role="radiogroup" aria-label={text.knowledgeTitle} className="grid grid-cols-3 gap-2">
        {(Object.keys(WAYS) as Way[]).map((name) => {
          const Icon = WAYS[name]
          return (
            <label key={name} className={cx('flex flex-col items-center gap-2 rounded-card border p-4 text-center focus-within:outline-2 focus-within:outline-accent', way === name ? 'border-accent bg-accent-soft text-accent-ink' : 'hover:bg-hover')}>
              <input type="radio" name="way" className="sr-only" checked={way === name} onChange={() => setWay(name)} />
              <Icon size={20} aria-hidden /> {text.ways[name]}
            </label>
          )
        })}
      </div>
      {way === 'files' && <DropZone big onFiles={add} />}
      {way === 'text' && <TextForm datasetId={id} onDone={() => undefined} />}
      {way === 'website' && crawl && <CrawlDetail key={crawl.id} datasetId={id} crawlId={crawl.id} />}
      {way === 'website' && crawls.data && !(crawl && (isReading(crawl) || crawl.pages_read > 0)) && <CrawlForm key={crawl?.id ?? ''} datasetId={id} start={state.website ?? ''} onDone={(_, website) => go({ website })} />}
      <UploadList uploads={uploads} onRetry={retry} onClear={clear} />
      <p role="status" className="text-muted">{enough ? text.soFar(documents) : text.nothing}</p>
      <StepFoot back={() => go({ step: 'icon' })}><Button look="primary" disabled={!enough} onClick={() => go({ step: 'train' })}>{text.next}</Button></StepFoot>
    </div>
  )
}
