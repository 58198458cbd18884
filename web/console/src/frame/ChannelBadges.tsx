/** Where a bot is, as a row of small signs: a colour, a shape and a word on each. */
import { cx, Hint } from '@shopwright/ui'
import { Check, Pause } from 'lucide-react'
import type { BotRead } from '../data/account'
import { badgesOf, standOf, type Badge, type Stand } from '../data/channels'
import { useFormat, useText } from '../i18n'
import { PlatformIcon } from './PlatformIcon'

const LOOKS: Record<Stand, string> = {
  connected: 'border-success-line bg-success-soft text-success-ink',
  attention: 'border-warning-line bg-warning-soft text-warning-ink',
  open: 'border-dashed border-line-strong text-muted',
  off: 'border-line bg-sunk text-muted',
}

function useBadgeWords(): (badge: Badge) => string {
  const { channels: text } = useText()
  const format = useFormat()
  return (badge) => {
    const name = text.names[badge.channel] ?? badge.channel
    const stand = standOf(badge)
    if (stand === 'connected' && badge.registered_at) return text.badge(name, text.since(format.date(badge.registered_at)))
    const why = badge.reason && stand !== 'connected' ? (text.short[badge.reason] ?? '') : ''
    return text.badge(name, why ? `${text.stands[stand]} (${why})` : text.stands[stand])
  }
}

/** Nothing when the bot is on no platform. */
export function ChannelBadges({ bot, most = 5 }: { bot: Pick<BotRead, 'deployment_status'>; most?: number }) {
  const words = useBadgeWords()
  const all = badgesOf(bot)
  if (all.length === 0) return null
  return (
    <span className="flex items-center gap-1">
      {all.slice(0, most).map((badge) => (
        <Hint key={badge.channel} text={words(badge)}>
          <span data-channel={badge.channel} data-stand={standOf(badge)} className={cx('relative flex size-7 items-center justify-center rounded-control border', LOOKS[standOf(badge)])}>
            <span className="sr-only">{words(badge)}. </span>
            <PlatformIcon channel={badge.channel} size={16} />
            <Mark stand={standOf(badge)} />
          </span>
        </Hint>
      ))}
      {all.length > most && <span className="text-small text-muted">+{all.length - most}</span>}
    </span>
  )
}

/** The shape that says it without the colour. */
function Mark({ stand }: { stand: Stand }) {
  if (stand === 'open') return null
  return (
    <span aria-hidden className={cx('absolute -end-1 -top-1 flex size-3.5 items-center justify-center rounded-pill border bg-surface', LOOKS[stand])}>
      {stand === 'connected' ? <Check size={10} strokeWidth={3} /> : stand === 'off' ? <Pause size={9} strokeWidth={3} /> : <span className="text-[10px] leading-none font-strong">!</span>}
    </span>
  )
}
