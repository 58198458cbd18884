/** Which collections of documents a bot answers from. */
import { Button, buttonClass, Dialog, Empty, Status, useToast } from '@shopwright/ui'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { BookOpen, Link2, Unlink } from 'lucide-react'
import { useState } from 'react'
import { api, queries, read } from '../../api'
import { refreshBot, useMay } from '../../data/account'
import { useDatasets, type DatasetRead } from '../../data/knowledge'
import { Page } from '../../frame/Page'
import { PathLink } from '../../frame/PathLink'
import { Loaded, useSentence } from '../../frame/problems'
import { useText } from '../../i18n'
import { useBotId } from './BotFrame'

export function useBotDatasets(botId: string) {
  return useQuery({
    queryKey: ['bot-datasets', botId],
    queryFn: () => read(api.GET('/v1/tenant/bots/{bot_id}/datasets', { params: { path: { bot_id: botId } } })).then(({ items }) => items),
  })
}

export function BotKnowledge() {
  const botId = useBotId()
  const { bot: { knowledge: text }, common } = useText()
  const toast = useToast()
  const say = useSentence()
  const may = useMay('bots')
  const links = useBotDatasets(botId)
  const datasets = useDatasets()
  const [choosing, setChoosing] = useState(false)
  const path = { bot_id: botId }
  const done = () => {
    void queries.invalidateQueries({ queryKey: ['bot-datasets', botId] })
    refreshBot(botId)
  }
  const connect = (dataset: { id: string }) =>
    api.POST('/v1/tenant/bots/{bot_id}/datasets', { params: { path }, body: { dataset_id: dataset.id, is_active: true, priority: 1 } }).then(done, (error: unknown) => toast(say(error)))
  const disconnect = (dataset: DatasetRead) =>
    api.DELETE('/v1/tenant/bots/{bot_id}/datasets/{dataset_id}', { params: { path: { ...path, dataset_id: dataset.id } } }).then(
      () => {
        done()
        toast(text.disconnected(dataset.name), { label: common.undo, run: () => void connect(dataset) })
      },
      (error: unknown) => toast(say(error)),
    )
  const add = may && <Button look="primary" icon={<Link2 size={16} aria-hidden />} onClick={() => setChoosing(true)}>{text.connect}</Button>
  return (
    <Page title={text.title} about={text.about} actions={links.data?.length ? add : undefined}>
      <Loaded query={links}>
        {(all) =>
          all.length === 0 ? (
            <Empty icon={BookOpen} title={text.empty} action={add}>{text.emptyAbout}</Empty>
          ) : (
            <ul className="divide-y rounded-card border">
              {all.map((link) => {
                const dataset = datasets.data?.find(({ id }) => id === link.dataset_id)
                return dataset ? (
                  <li key={link.dataset_id} className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3">
                    <span className="min-w-0 flex-1 basis-48">
                      <Link to={`/knowledge/${dataset.id}`} className="font-medium underline-offset-2 hover:underline">{dataset.name}</Link>
                      <span className="block text-small text-muted">{common.documents(dataset.documents.completed)}</span>
                    </span>
                    <Status tone={link.is_active ? 'success' : 'neutral'}>{link.is_active ? text.using : text.notUsing}</Status>
                    {may && <Button small icon={<Unlink size={16} aria-hidden />} onClick={() => void disconnect(dataset)}>{text.disconnect}</Button>}
                  </li>
                ) : null
              })}
            </ul>
          )
        }
      </Loaded>
      <Dialog open={choosing} onClose={() => setChoosing(false)} title={text.connectTitle} about={text.about} footer={<PathLink to="/knowledge?new=1" className={buttonClass('secondary')}>{text.create}</PathLink>}>
        <Choices datasets={(datasets.data ?? []).filter(({ id }) => !links.data?.some(({ dataset_id }) => dataset_id === id))} onChoose={(dataset) => { setChoosing(false); void connect(dataset) }} />
      </Dialog>
    </Page>
  )
}

function Choices({ datasets, onChoose }: { datasets: DatasetRead[]; onChoose: (dataset: DatasetRead) => void }) {
  const { bot: { knowledge: text }, common } = useText()
  if (datasets.length === 0) return <p className="text-muted">{text.allConnected}</p>
  return (
    <ul className="flex flex-col gap-2">
      {datasets.map((dataset) => (
        <li key={dataset.id}>
          <button type="button" onClick={() => onChoose(dataset)} className="flex w-full items-center gap-3 rounded-card border px-4 py-3 text-start hover:bg-hover">
            <BookOpen size={20} aria-hidden className="text-accent-ink" />
            <span className="min-w-0 flex-1"><span className="block truncate font-medium">{dataset.name}</span><span className="block text-small text-muted">{common.documents(dataset.documents.completed)}</span></span>
          </button>
        </li>
      ))}
    </ul>
  )
}
