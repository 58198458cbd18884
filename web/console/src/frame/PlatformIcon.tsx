/** A platform by a sign of our own drawing, in the manner of the other icons: what it does, not whose it is. */
import { cx } from '@shopwright/ui'
import type { ReactNode } from 'react'

const BUBBLE = 'M12 4.5c-4.7 0-8.5 3-8.5 6.9 0 2.3 1.3 4.3 3.4 5.6v3l3-1.8c.7.1 1.4.2 2.1.2 4.7 0 8.5-3.1 8.5-7S16.7 4.5 12 4.5Z'
const SHAPES: Record<string, ReactNode> = {
  telegram: <path d="m3.5 11.5 17-7-4 15.5-5-4.8-2.8 3v-5l7-5.2" />,
  whatsapp: (
    <>
      <path d={BUBBLE} />
      <path d="m7.2 11.6 2.2 2.2 3.6-4.3M12.4 13.2l.6.6 3.6-4.3" />
    </>
  ),
  messenger: (
    <>
      <path d={BUBBLE} />
      <path d="M8.2 11.5h.01M12 11.5h.01M15.8 11.5h.01" strokeWidth={2.6} />
    </>
  ),
  instagram: (
    <>
      <rect x={3.5} y={4.5} width={17} height={15} rx={3.5} />
      <path d="m4 16.5 4.6-4.6 3.4 3.4 3.5-4.3 4.6 5" />
      <path d="M9 8.6h.01" strokeWidth={2.6} />
    </>
  ),
  slack: (
    <>
      <rect x={3.5} y={3.5} width={17} height={17} rx={4} />
      <path d="m10.4 7.4-1 9.2M14.6 7.4l-1 9.2M7.4 10.3h9.4M7.2 13.8h9.4" />
    </>
  ),
  teams: (
    <>
      <circle cx={9} cy={8} r={3} />
      <path d="M3.5 19c0-3.3 2.3-5.5 5.5-5.5s5.5 2.2 5.5 5.5" />
      <path d="M15.2 5.4a2.7 2.7 0 0 1 0 5.2M17.4 14c1.9.7 3.1 2.5 3.1 5" />
    </>
  ),
  twilio: (
    <>
      <rect x={6.5} y={2.5} width={11} height={19} rx={2.5} />
      <path d="M9.5 7h5M9.5 10h5M9.5 13h2.5M11.5 18.3h1" />
    </>
  ),
  email: (
    <>
      <rect x={3} y={5} width={18} height={14} rx={2.5} />
      <path d="m3.8 7 8.2 6 8.2-6" />
    </>
  ),
  line: (
    <>
      <path d="M7 4h10a3 3 0 0 1 3 3v6.5L13.5 20H7a3 3 0 0 1-3-3V7a3 3 0 0 1 3-3Z" />
      <path d="M20 13.5h-3.5a3 3 0 0 0-3 3V20M9 9h.01M14.5 9h.01" />
      <path d="M8.5 12.5c.9 1.3 3.1 1.6 4.5.2" />
    </>
  ),
  http: <path d="m7.5 8-4 4 4 4M16.5 8l4 4-4 4M13.6 5.5l-3.2 13" />,
  web: (
    <>
      <rect x={3} y={4.5} width={18} height={15} rx={2.5} />
      <path d="M3 9h18M6 6.8h.01M8.5 6.8h.01" />
    </>
  ),
}

export function PlatformIcon({ channel, size = 20, className }: { channel: string; size?: number; className?: string }) {
  return (
    <svg viewBox="0 0 24 24" width={size} height={size} fill="none" stroke="currentColor" strokeWidth={1.75} strokeLinecap="round" strokeLinejoin="round" aria-hidden className={cx('shrink-0', className)}>
      {SHAPES[channel] ?? <path d={BUBBLE} />}
    </svg>
  )
}

/** The sign on a quiet tile, as it stands on cards and at the head of a sheet. */
export function PlatformTile({ channel }: { channel: string }) {
  return (
    <span aria-hidden className="flex size-10 shrink-0 items-center justify-center rounded-card bg-accent-soft text-accent-ink">
      <PlatformIcon channel={channel} size={22} />
    </span>
  )
}
