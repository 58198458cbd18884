import { Check, Copy, type LucideIcon } from 'lucide-react'
import { useEffect, useState, type ReactNode } from 'react'
import { Button } from './Button'
import { cx } from './classes'
import { useUiText } from './words'

export type Tone = 'neutral' | 'success' | 'warning' | 'danger' | 'info' | 'accent'

const CHIP: Record<Tone, string> = {
  neutral: 'bg-sunk text-ink-2 border-line',
  success: 'bg-success-soft text-success-ink border-success-line',
  warning: 'bg-warning-soft text-warning-ink border-warning-line',
  danger: 'bg-danger-soft text-danger-ink border-danger-line',
  info: 'bg-info-soft text-info-ink border-info-line',
  accent: 'bg-accent-soft text-accent-ink border-accent-line',
}

export function Chip({ tone = 'neutral', icon, children }: { tone?: Tone; icon?: ReactNode; children: ReactNode }) {
  return <span className={cx('inline-flex min-h-6 items-center gap-1 rounded-pill border px-2 text-small whitespace-nowrap', CHIP[tone])}>{icon}{children}</span>
}

const DOT: Record<Tone, string> = {
  neutral: 'bg-control', success: 'bg-success-ink', warning: 'bg-warning-ink', danger: 'bg-danger-ink', info: 'bg-info-ink', accent: 'bg-accent',
}

/** A state in a word, with a dot before it: the dot is never alone. */
export function Status({ tone = 'neutral', children }: { tone?: Tone; children: ReactNode }) {
  return (
    <span className="inline-flex items-center gap-2 whitespace-nowrap">
      <span aria-hidden className={cx('size-2 rounded-pill', DOT[tone])} />
      {children}
    </span>
  )
}

export function Notice({ tone = 'info', title, children, action, icon }: { tone?: Exclude<Tone, 'neutral' | 'accent'>; title?: ReactNode; children?: ReactNode; action?: ReactNode; icon?: ReactNode }) {
  return (
    <div role={tone === 'danger' ? 'alert' : 'status'} className={cx('flex flex-wrap items-start gap-3 rounded-card border px-4 py-3', CHIP[tone])}>
      {icon && <span className="mt-0.5">{icon}</span>}
      <div className="min-w-48 flex-1">
        {title && <p className="font-medium">{title}</p>}
        {children && <div className={title ? 'text-ink-2' : ''}>{children}</div>}
      </div>
      {action}
    </div>
  )
}

export function Card({ children, className, pad = true }: { children: ReactNode; className?: string; pad?: boolean }) {
  return <section className={cx('min-w-0 rounded-card border bg-surface', pad && 'p-4 md:p-5', className)}>{children}</section>
}

/** A heading and a sentence, then what belongs to it. */
export function Section({ title, about, action, children }: { title: string; about?: ReactNode; action?: ReactNode; children: ReactNode }) {
  return (
    <section className="flex min-w-0 flex-col gap-4">
      <header className="flex flex-wrap items-start justify-between gap-3">
        <div className="min-w-0 flex-1 basis-64">
          <h2 className="text-lead">{title}</h2>
          {about && <p className="mt-1 max-w-[65ch] text-muted">{about}</p>}
        </div>
        {action}
      </header>
      {children}
    </section>
  )
}

/** Nothing here yet: what will be, and the one action that starts it. */
export function Empty({ icon: Icon, title, children, action }: { icon: LucideIcon; title: string; children?: ReactNode; action?: ReactNode }) {
  return (
    <div className="animate-appear flex flex-col items-center gap-4 px-6 py-12 text-center">
      <Scene icon={Icon} />
      <div>
        <h2 className="text-lead">{title}</h2>
        {children && <div className="mx-auto mt-1 max-w-[52ch] text-muted">{children}</div>}
      </div>
      {action && <div className="flex flex-wrap justify-center gap-2">{action}</div>}
    </div>
  )
}

/** The product's own picture: three quiet cards, the first one marked. */
function Scene({ icon: Icon }: { icon: LucideIcon }) {
  return (
    <div aria-hidden className="relative h-24 w-40">
      <div className="absolute inset-x-8 top-0 h-16 rounded-card border bg-sunk" />
      <div className="absolute inset-x-4 top-3 h-16 rounded-card border bg-surface" />
      <div className="absolute inset-x-0 top-6 flex h-[68px] items-center gap-3 rounded-card border bg-surface px-4 shadow-float">
        <span className="flex size-9 items-center justify-center rounded-pill bg-accent-soft text-accent-ink">
          <Icon size={20} />
        </span>
        <span className="flex flex-1 flex-col gap-2">
          <span className="h-2 w-full rounded-pill bg-line-strong" />
          <span className="h-2 w-2/3 rounded-pill bg-line" />
        </span>
      </div>
    </div>
  )
}

export function Skeleton({ className }: { className?: string }) {
  return <div aria-hidden className={cx('animate-wait rounded-control bg-hover', className)} />
}

/** Rows that keep the place of what is loading. Shown after a moment, so that quick answers do not flicker. */
export function Loading({ label, rows = 5 }: { label: string; rows?: number }) {
  const [late, setLate] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), 150)
    return () => clearTimeout(timer)
  }, [])
  return (
    <div role="status" className={cx('flex flex-col gap-3 py-2', !late && 'invisible')}>
      <span className="sr-only">{label}</span>
      {Array.from({ length: rows }, (_, row) => (
        <Skeleton key={row} className={cx('h-10', row % 3 === 1 && 'w-11/12', row % 3 === 2 && 'w-4/5')} />
      ))}
    </div>
  )
}

export function CopyButton({ text, label, small = true }: { text: string; label?: string; small?: boolean }) {
  const words = useUiText()
  const [done, setDone] = useState(false)
  useEffect(() => {
    if (!done) return undefined
    const timer = setTimeout(() => setDone(false), 2000)
    return () => clearTimeout(timer)
  }, [done])
  return (
    <Button small={small} icon={done ? <Check size={16} aria-hidden /> : <Copy size={16} aria-hidden />} onClick={() => void navigator.clipboard?.writeText(text).then(() => setDone(true))}>
      <span aria-live="polite">{done ? words.copied : (label ?? words.copy)}</span>
    </Button>
  )
}

export function CodeBlock({ text, label }: { text: string; label: string }) {
  return (
    <div className="overflow-hidden rounded-card border bg-sunk">
      <div className="flex items-center justify-between gap-2 border-b ps-4 pe-2 py-1.5">
        <span className="text-small text-muted">{label}</span>
        <CopyButton text={text} />
      </div>
      <pre tabIndex={0} role="region" aria-label={label} dir="ltr" className="overflow-x-auto p-4 font-mono text-small whitespace-pre-wrap break-all">
        {text}
      </pre>
    </div>
  )
}

/** How much of something, as a bar and as a number. */
export function Meter({ value, label, tone = 'accent', text }: { value: number; label: string; tone?: Tone; text?: string }) {
  const share = Math.max(0, Math.min(1, value))
  return (
    <span className="flex items-center gap-2">
      <span role="meter" aria-label={label} aria-valuemin={0} aria-valuemax={1} aria-valuenow={Math.round(share * 100) / 100} className="h-1.5 w-full min-w-12 flex-1 overflow-hidden rounded-pill bg-line">
        <span className={cx('block h-full rounded-pill', DOT[tone])} style={{ inlineSize: `${share * 100}%` }} />
      </span>
      {text !== undefined && <span className="shrink-0 text-small tabular-nums text-muted">{text}</span>}
    </span>
  )
}
