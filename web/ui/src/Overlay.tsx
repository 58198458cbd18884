import { ArrowLeft, X } from 'lucide-react'
import { Dialog as Radix } from 'radix-ui'
import { useRef, useState, type ReactNode } from 'react'
import { Button, IconButton } from './Button'
import { cx } from './classes'
import { TextField } from './Field'
import { useUiText } from './words'

interface Props {
  open: boolean
  onClose: () => void
  title: string
  about?: ReactNode
  children: ReactNode
  footer?: ReactNode
}

/**
 * On opening, the first field takes the focus; without one the panel itself, so that its name is read and no tooltip opens.
 * On closing it goes back to where it was: what opens by its address has no trigger that could be asked.
 */
function useFocus() {
  const before = useRef<HTMLElement | null>(null)
  return {
    onOpenAutoFocus: (event: Event) => {
      const panel = event.currentTarget as HTMLElement
      event.preventDefault()
      before.current = document.activeElement instanceof HTMLElement ? document.activeElement : null
      const first = panel.querySelector<HTMLElement>('[autofocus], input:not([type=hidden]):not(:disabled), textarea:not(:disabled), select:not(:disabled)')
      ;(first ?? panel).focus()
    },
    onCloseAutoFocus: (event: Event) => {
      event.preventDefault()
      if (before.current?.isConnected) before.current.focus()
    },
  }
}

/** A question in the middle of the page; on a phone it rises from below. */
export function Dialog({ open, onClose, title, about, children, footer, wide }: Props & { wide?: boolean }) {
  const words = useUiText()
  const focus = useFocus()
  return (
    <Radix.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className="animate-appear fixed inset-0 z-40 bg-veil" />
        <Radix.Content
          {...(about ? {} : { 'aria-describedby': undefined })}
          {...focus}
          className={cx(
            'animate-rise outline-none fixed inset-x-0 bottom-0 z-40 mx-auto flex max-h-[92dvh] w-full flex-col rounded-t-card bg-surface shadow-float md:inset-y-0 md:my-auto md:h-fit md:rounded-card',
            wide ? 'md:max-w-3xl' : 'md:max-w-lg',
          )}
        >
          <div className="flex items-start gap-4 px-6 pt-5">
            <div className="min-w-0 flex-1">
              <Radix.Title className="text-title">{title}</Radix.Title>
              {about && <Radix.Description className="mt-1 text-muted">{about}</Radix.Description>}
            </div>
            <Radix.Close asChild>
              <IconButton label={words.close} className="-me-2 -mt-1">
                <X size={20} aria-hidden />
              </IconButton>
            </Radix.Close>
          </div>
          <div className="flex min-h-0 flex-col gap-4 overflow-y-auto px-6 py-5">{children}</div>
          {footer && <div className="flex flex-wrap justify-end gap-2 border-t px-6 py-4">{footer}</div>}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}

/** Detail beside the list it belongs to; on a phone it is a page of its own. */
export function Sheet({ open, onClose, title, about, children, footer, actions }: Props & { actions?: ReactNode }) {
  const words = useUiText()
  const focus = useFocus()
  return (
    <Radix.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className="animate-appear fixed inset-0 z-30 bg-veil max-md:hidden" />
        <Radix.Content
          {...(about ? {} : { 'aria-describedby': undefined })}
          {...focus}
          className="animate-slide-in outline-none fixed inset-0 z-30 flex flex-col bg-surface shadow-float md:start-auto md:end-0 md:w-[min(680px,92vw)]"
        >
          <div className="flex items-start gap-2 border-b px-4 py-3 md:px-6 md:py-4">
            <Radix.Close asChild>
              <IconButton label={words.back} className="-ms-2 md:hidden">
                <ArrowLeft size={20} aria-hidden className="rtl:rotate-180" />
              </IconButton>
            </Radix.Close>
            <div className="min-w-0 flex-1 py-1">
              <Radix.Title className="text-lead break-words">{title}</Radix.Title>
              {about && <Radix.Description className="text-small text-muted">{about}</Radix.Description>}
            </div>
            {actions}
            <Radix.Close asChild>
              <IconButton label={words.close} className="-me-2 max-md:hidden">
                <X size={20} aria-hidden />
              </IconButton>
            </Radix.Close>
          </div>
          <div className="flex min-h-0 flex-1 flex-col gap-5 overflow-y-auto px-4 py-5 md:px-6" tabIndex={0} role="region" aria-label={title}>
            {children}
          </div>
          {footer && <div className="flex flex-wrap justify-end gap-2 border-t px-4 py-3 md:px-6">{footer}</div>}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}

interface ConfirmProps {
  open: boolean
  onClose: () => void
  onConfirm: () => void
  title: string
  about: ReactNode
  action: string
  /** What has to be typed before the button works. */
  name?: string
  busy?: boolean
  error?: string | undefined
}

/** Asks before something is gone; by name when it cannot be brought back. */
export function Confirm({ open, onClose, onConfirm, title, about, action, name, busy, error }: ConfirmProps) {
  const words = useUiText()
  const [typed, setTyped] = useState('')
  const close = () => {
    setTyped('')
    onClose()
  }
  return (
    <Dialog open={open} onClose={close} title={title} about={about}>
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          if (!name || typed.trim() === name.trim()) onConfirm()
        }}
      >
        {name && <TextField label={words.typeName(name)} value={typed} onChange={(event) => setTyped(event.target.value)} autoComplete="off" autoFocus />}
        {error && <p className="text-danger-ink" role="alert">{error}</p>}
        <div className="flex flex-wrap justify-end gap-2">
          <Button onClick={close}>{words.cancel}</Button>
          <Button look="danger" type="submit" busy={busy ?? false} disabled={Boolean(name) && typed.trim() !== name?.trim()}>
            {action}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
