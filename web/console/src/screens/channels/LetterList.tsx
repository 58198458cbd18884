/** Messages that got stuck: why, and another try. */
import { Button, Chip, Empty, Loading, useToast } from '@shopwright/ui'
import { MailCheck, RotateCcw } from 'lucide-react'
import { api, read } from '../../api'
import { useBots, useMay } from '../../data/account'
import { refreshDeployments, useDeployments, type Deployment } from '../../data/channels'
import { useLetters, type Letter, type LetterFilters } from '../../data/letters'
import { PathLink } from '../../frame/PathLink'
import { PlatformIcon } from '../../frame/PlatformIcon'
import { ProblemView } from '../../frame/problems'
import { useForm } from '../../frame/useForm'
import { When } from '../../frame/When'
import { useText } from '../../i18n'
import { ServerText } from '../../i18n/server'
import { usePlatformName } from './standing'

/** For the page of the shop and that of a bot. */
export function LetterList({ filters, quiet }: { filters: LetterFilters; quiet?: boolean }) {
  const { letters: text, common } = useText()
  const toast = useToast()
  const may = useMay('bots')
  const pages = useLetters(filters)
  const deployments = useDeployments()
  const rows = pages.data?.pages.flatMap(({ items }) => items) ?? []
  const all = useForm(async () => {
    const { replayed, left } = await read(api.POST('/v1/tenant/dead-letters/replay', { body: filters }))
    refreshDeployments()
    toast(left ? `${text.replayedMany(replayed)}. ${text.left(left)}.` : text.replayedMany(replayed))
  })
  if (pages.error && !pages.data) return <ProblemView error={pages.error} retry={() => void pages.refetch()} />
  if (!pages.data) return <Loading label={common.loading} />
  if (rows.length === 0) return quiet ? null : <Empty icon={MailCheck} title={text.none}>{text.noneAbout}</Empty>
  return (
    <>
      {may && (
        <div className="flex flex-wrap items-center gap-3">
          <Button busy={all.busy} icon={<RotateCcw size={16} aria-hidden />} onClick={() => void all.submit()}>{text.replayAll}</Button>
          {all.error && <p role="alert" className="text-danger-ink">{all.error}</p>}
        </div>
      )}
      <ul aria-label={text.title} className="divide-y rounded-card border bg-surface">
        {rows.map((letter) => <li key={letter.id}><Row letter={letter} deployment={deployments.data?.find(({ id }) => id === letter.deployment_id)} may={may} /></li>)}
      </ul>
      {pages.hasNextPage && <Button className="self-center" busy={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>{common.more}</Button>}
    </>
  )
}

function Row({ letter, deployment, may }: { letter: Letter; deployment: Deployment | undefined; may: boolean }) {
  const { letters: text } = useText()
  const nameOf = usePlatformName()
  const toast = useToast()
  const bots = useBots()
  const replay = useForm(async () => {
    await api.POST('/v1/tenant/dead-letters/{letter_id}/replay', { params: { path: { letter_id: letter.id } } })
    refreshDeployments()
    toast(text.replayed)
  })
  const bot = bots.data?.find(({ id }) => id === deployment?.bot_id)
  return (
    <article className="flex flex-wrap items-start gap-x-4 gap-y-2 px-4 py-3">
      <PlatformIcon channel={deployment?.channel ?? ''} className="mt-0.5 text-muted" />
      <div className="min-w-0 flex-1 basis-72">
        <p className="font-medium break-words"><ServerText text={letter.reason} /></p>
        <p className="line-clamp-2 break-words text-ink-2">{letter.text || <span className="text-muted">{text.noText}</span>}</p>
        <p className="mt-1 flex flex-wrap items-center gap-x-3 gap-y-1 text-small text-muted">
          <Chip tone={letter.direction === 'in' ? 'info' : 'warning'}>{text[letter.direction]}</Chip>
          <span>{deployment ? nameOf(deployment) : text.gone}{bot ? ` · ${bot.name}` : ''}</span>
          {letter.attempts > 0 && <span>{text.tries(letter.attempts)}</span>}
          <When at={letter.created_at} />
          {letter.conversation_id && <PathLink to={`/conversations?open=${letter.conversation_id}`} className="inline-flex min-h-6 items-center underline underline-offset-2">{text.conversation}</PathLink>}
        </p>
        {replay.error && <p role="alert" className="mt-1 text-danger-ink">{replay.error}</p>}
      </div>
      {may && <Button small busy={replay.busy} onClick={() => void replay.submit()}>{text.replay}</Button>}
    </article>
  )
}
