import { LoaderCircle } from 'lucide-react'
import type { ButtonHTMLAttributes, ReactNode, Ref } from 'react'
import { cx } from './classes'
import { Hint } from './Hint'

export type ButtonLook = 'primary' | 'secondary' | 'quiet' | 'danger'

const LOOKS: Record<ButtonLook, string> = {
  primary: 'bg-accent text-on-accent hover:bg-accent-hover border-transparent',
  secondary: 'bg-surface text-ink border-line-strong hover:bg-hover',
  quiet: 'bg-transparent text-ink-2 border-transparent hover:bg-hover hover:text-ink',
  danger: 'bg-danger text-on-danger border-transparent hover:opacity-90',
}

/** The look of a button, for links that are drawn as one. */
export function buttonClass(look: ButtonLook = 'secondary', small = false): string {
  return cx(
    'inline-flex shrink-0 items-center justify-center gap-2 rounded-control border font-medium whitespace-nowrap no-underline transition-colors duration-[120ms] select-none disabled:opacity-55',
    small ? 'min-h-8 px-3 text-small pointer-coarse:min-h-11' : 'min-h-9 px-4 text-base pointer-coarse:min-h-11',
    LOOKS[look],
  )
}

interface Props extends ButtonHTMLAttributes<HTMLButtonElement> {
  look?: ButtonLook
  small?: boolean
  busy?: boolean
  icon?: ReactNode
  ref?: Ref<HTMLButtonElement>
}

export function Button({ look = 'secondary', small, busy, icon, children, className, disabled, type = 'button', ...rest }: Props) {
  return (
    <button type={type} className={cx(buttonClass(look, small), className)} disabled={disabled || busy} aria-busy={busy || undefined} {...rest}>
      {busy ? <LoaderCircle size={16} className="animate-turn" aria-hidden /> : icon}
      {children}
    </button>
  )
}

interface IconProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  label: string
  ref?: Ref<HTMLButtonElement>
}

/** A button of one icon: its label is its name and shows on hover and focus. */
export function IconButton({ label, children, className, type = 'button', ...rest }: IconProps) {
  return (
    <Hint text={label}>
      <button
        type={type}
        aria-label={label}
        className={cx(
          'inline-flex size-9 shrink-0 items-center justify-center rounded-control text-ink-2 transition-colors duration-[120ms] hover:bg-hover hover:text-ink disabled:opacity-50 pointer-coarse:size-11',
          className,
        )}
        {...rest}
      >
        {children}
      </button>
    </Hint>
  )
}
