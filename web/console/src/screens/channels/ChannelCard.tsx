import { Card, CopyButton, Hint, IconButton } from '@shopwright/ui'
import { Link } from '@tanstack/react-router'
import { ArrowDownLeft, ArrowUpRight, ChevronRight, Inbox } from 'lucide-react'
import type { ReactNode } from 'react'
import type { BotRead } from '../../data/account'
import { hasAddress, type Deployment } from '../../data/channels'
import { PathLink } from '../../frame/PathLink'
import { PlatformTile } from '../../frame/PlatformIcon'
import { When } from '../../frame/When'
import { useText } from '../../i18n'
import { Standing, Trouble, usePlatformName, type Open } from './standing'

/** One bot on one platform; `bot` is named where cards of several stand together. */
export function ChannelCard({ deployment, bot, open }: { deployment: Deployment; bot?: BotRead | undefined; open: Open }) {
  const { channels: text } = useText()
  const name = usePlatformName()(deployment)
  return (
    <Card className="flex h-full flex-col gap-4">
      <header className="flex items-start gap-3">
        <PlatformTile channel={deployment.channel} />
        <div className="min-w-0 flex-1">
          <h2 className="truncate text-lead">{name}</h2>
          {bot ? <Link to="/bots/$botId/channels" params={{ botId: bot.id }} className="block truncate text-small text-muted underline-offset-2 hover:underline">{bot.name}</Link> : null}
          <p className="mt-0.5 text-small"><Standing deployment={deployment} /></p>
        </div>
        <IconButton label={text.detailsOf(name)} className="-me-1.5 -mt-1" onClick={() => open('open', deployment)}><ChevronRight size={20} aria-hidden className="rtl:rotate-180" /></IconButton>
      </header>
      <Trouble deployment={deployment} open={open} />
      <dl className="grid grid-cols-2 gap-x-4 gap-y-1 text-small">
        <Moment icon={<ArrowDownLeft size={16} aria-hidden />} label={text.lastIn} at={deployment.last_inbound_at} />
        <Moment icon={<ArrowUpRight size={16} aria-hidden />} label={text.lastOut} at={deployment.last_outbound_at} />
      </dl>
      {deployment.dead_letters > 0 && (
        <p className="flex flex-wrap items-center gap-x-2 text-small text-warning-ink">
          <Inbox size={16} aria-hidden />
          {text.stuck(deployment.dead_letters)}
          <PathLink to={`/channels/letters?deployment_id=${deployment.id}`} className="inline-flex min-h-6 items-center underline underline-offset-2">{text.see}</PathLink>
        </p>
      )}
      {hasAddress(deployment) && <Address url={deployment.webhook_url} />}
    </Card>
  )
}

function Moment({ icon, label, at }: { icon: ReactNode; label: string; at: string | null }) {
  const { channels: text } = useText()
  return (
    <div>
      <dt className="flex items-center gap-1 text-muted">{icon}{label}</dt>
      <dd>{at ? <When at={at} /> : text.nothingYet}</dd>
    </div>
  )
}

export function Address({ url }: { url: string }) {
  const { channels: text } = useText()
  return (
    <div className="mt-auto flex items-center gap-2">
      <Hint text={text.address}>
        <code dir="ltr" className="min-w-0 flex-1 truncate rounded-control bg-sunk px-2 py-1 font-mono text-small text-muted">{url}</code>
      </Hint>
      <CopyButton text={url} label={text.copyAddress} />
    </div>
  )
}
