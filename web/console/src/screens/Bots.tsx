import { buttonClass, Empty, Loading, Status } from '@shopwright/ui'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Bot as BotIcon, ChevronRight, Plus } from 'lucide-react'
import { api, read } from '../api'
import { useBots, useMay, type BotRead } from '../data/account'
import { ChannelBadges } from '../frame/ChannelBadges'
import { Page } from '../frame/Page'
import { Loaded } from '../frame/problems'
import { useText } from '../i18n'

export function Bots() {
  const text = useText()
  const bots = useBots()
  const may = useMay('bots')
  const create = may && (
    <Link to="/onboarding" className={buttonClass('primary')}>
      <Plus size={16} aria-hidden /> {text.bots.create}
    </Link>
  )
  return (
    <Page title={text.bots.title} about={text.bots.about} actions={bots.data?.length ? create : undefined}>
      <Loaded query={bots}>
        {(all) =>
          all.length === 0 ? (
            <Empty icon={BotIcon} title={text.bots.emptyTitle} action={create}>{text.bots.empty}</Empty>
          ) : (
            <ul className="divide-y rounded-card border bg-surface">
              {all.map((bot) => (
                <li key={bot.id}><BotRow bot={bot} /></li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </Page>
  )
}

function BotRow({ bot }: { bot: BotRead }) {
  const text = useText()
  return (
    <Link to="/bots/$botId" params={{ botId: bot.id }} className="flex items-center gap-x-4 gap-y-2 px-4 py-4 no-underline max-sm:flex-wrap hover:bg-hover first:rounded-t-card md:px-5">
      <span aria-hidden className="flex size-10 shrink-0 items-center justify-center rounded-pill bg-accent-soft text-accent-ink"><BotIcon size={20} /></span>
      <span className="min-w-0 flex-1">
        <span className="block truncate font-medium">{bot.name}</span>
        {bot.description && <span className="block truncate text-small text-muted">{bot.description}</span>}
      </span>
      <span className="empty:hidden max-sm:order-last max-sm:basis-full max-sm:ps-14"><ChannelBadges bot={bot} /></span>
      <span className="flex flex-col items-end gap-0.5 text-small">
        <Health bot={bot} />
        <span className="text-muted">{bot.is_public ? text.bots.live : text.bots.draft} · r{bot.revision}</span>
      </span>
      <ChevronRight size={16} aria-hidden className="shrink-0 text-muted rtl:rotate-180" />
    </Link>
  )
}

export const useReadiness = (id: string) =>
  useQuery({ queryKey: ['readiness', id], queryFn: () => read(api.GET('/v1/tenant/bots/{bot_id}/readiness', { params: { path: { bot_id: id } } })), staleTime: 30_000 })

/** What the owner can mend decides the health; the installation's own address is another's work. */
export function Health({ bot }: { bot: BotRead }) {
  const text = useText()
  const readiness = useReadiness(bot.id)
  if (!bot.is_active) return <Status>{text.bots.off}</Status>
  if (!readiness.data) return <span className="w-20"><Loading label={text.common.loading} rows={1} /></span>
  const core = readiness.data.items.filter(({ group }) => group === 'data')
  const ok = core.filter((item) => item.ok).length
  return ok === core.length ? <Status tone="success">{text.bots.healthy}</Status> : <Status tone="warning">{text.bots.attention}</Status>
}
