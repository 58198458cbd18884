import { cx } from '@shopwright/ui'
import { useRouterState } from '@tanstack/react-router'
import { useEffect, useRef, type ReactNode } from 'react'

/** A page: its name, one sentence on what it is for, its actions, and its content. */
export function Page({ title, about, actions, children, wide }: { title: string; about?: ReactNode; actions?: ReactNode; children: ReactNode; wide?: boolean }) {
  return (
    <div className={cx('mx-auto flex w-full flex-col gap-6 px-4 py-6 md:px-8 md:py-8', wide ? 'max-w-[1600px]' : 'max-w-5xl')}>
      <title>{`${title} · Shopwright`}</title>
      <header className="flex flex-wrap items-start justify-between gap-4">
        <div className="min-w-0">
          <PageTitle>{title}</PageTitle>
          {about && <p className="mt-2 max-w-[70ch] text-muted">{about}</p>}
        </div>
        {actions && <div className="flex flex-wrap gap-2">{actions}</div>}
      </header>
      {children}
    </div>
  )
}

/** The heading of a page takes the focus when the page changes, so that a reader hears where they are. */
export function PageTitle({ children, quiet }: { children: ReactNode; quiet?: boolean }) {
  const ref = useRef<HTMLHeadingElement>(null)
  const path = useRouterState({ select: (state) => state.location.pathname })
  const first = useRef(true)
  useEffect(() => {
    const busy = document.activeElement?.closest('input, textarea, [role=dialog], [role=menu]')
    if (!(first.current && navigations === 0) && !busy) ref.current?.focus({ preventScroll: true })
    first.current = false
    navigations += 1
  }, [path])
  return (
    <h1 ref={ref} tabIndex={-1} className={cx('outline-none', quiet ? 'sr-only' : 'text-title md:text-display')}>
      {children}
    </h1>
  )
}
let navigations = 0
