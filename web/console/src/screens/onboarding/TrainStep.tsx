import { Button, cx } from '@shopwright/ui'
import { useQuery } from '@tanstack/react-query'
import { Check, LoaderCircle, RefreshCw } from 'lucide-react'
import { api, read } from '../../api'
import { live } from '../../data/live'
import { useText } from '../../i18n'
import { total } from '../knowledge/Datasets'
import { refreshDocuments } from '../knowledge/DocumentTools'
import { isReading, useCrawls } from '../knowledge/Websites'
import { useDataset } from './KnowledgeStep'
import { StepFoot, StepHead, type StepProps } from './Onboarding'

/** What is being read right now, as numbered steps with what each found. */
export function TrainStep({ state, go }: StepProps) {
  const { onboarding: text } = useText()
  const id = state.dataset_id ?? ''
  const dataset = useDataset(id)
  const crawls = useCrawls(id)
  const crawl = crawls.data?.items.find(isReading)
  const documents = useQuery({ queryKey: ['documents', id, 'train'], queryFn: () => read(api.GET('/v1/tenant/datasets/{dataset_id}/documents', { params: { path: { dataset_id: id }, query: { limit: 100 } } })) })
  const counts = dataset.data?.documents
  const all = dataset.data ? total(dataset.data) : 0
  const finished = (counts?.completed ?? 0) + (counts?.failed ?? 0)
  const passages = (documents.data?.items ?? []).reduce((sum, { chunk_count }) => sum + chunk_count, 0)
  const collected = all > 0 && !crawl
  const done = collected && finished === all
  const steps = [
    { name: text.train.collect, found: [text.found.collect(all), crawl ? text.found.pages(crawl.pages_read, crawl.pages_found) : ''].filter(Boolean).join(' · '), done: collected },
    { name: text.train.read, found: [text.found.read(finished, all), counts?.failed ? text.found.failed(counts.failed) : ''].filter(Boolean).join(' · '), done },
    { name: text.train.cut, found: text.found.passages(passages), done },
    { name: text.train.ready, found: '', done: done && (counts?.completed ?? 0) > 0 },
  ]
  const current = steps.findIndex((step) => !step.done)
  return (
    <div className="flex flex-col gap-8">
      <StepHead title={text.trainTitle} about={text.trainAbout} />
      <ol className="flex flex-col gap-5" role="status">
        {steps.map((step, at) => (
          <li key={step.name} className="flex items-start gap-4">
            <span className={cx('flex size-8 shrink-0 items-center justify-center rounded-pill border font-medium tabular-nums', step.done ? 'border-success-line bg-success-soft text-success-ink' : at === current ? 'border-accent text-accent-ink' : 'text-muted')}>
              {step.done ? <Check size={16} aria-hidden /> : at === current ? <LoaderCircle size={16} className="animate-turn" aria-hidden /> : at + 1}
            </span>
            <span className="pt-1"><span className={cx('block', at === current && 'font-medium')}>{step.name}</span>{step.found && <span className="block text-small text-muted">{step.found}</span>}</span>
          </li>
        ))}
      </ol>
      {!done && (
        <p className="flex flex-wrap items-center gap-3 text-muted">
          {text.goOnMeanwhile}
          {!live.on && <Button small icon={<RefreshCw size={16} aria-hidden />} onClick={refreshDocuments}>{text.refresh}</Button>}
        </p>
      )}
      <StepFoot back={() => go({ step: 'knowledge' })}><Button look="primary" onClick={() => go({ step: 'create' })}>{text.next}</Button></StepFoot>
    </div>
  )
}
