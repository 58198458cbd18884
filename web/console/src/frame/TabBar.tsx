import { cx } from '@shopwright/ui'
import { Link, useRouterState } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'

/** Pages beside each other; where they do not fit, the current one is scrolled into view. */
export function TabBar({ label, tabs }: { label: string; tabs: { to: string; label: string }[] }) {
  const bar = useRef<HTMLElement>(null)
  const path = useRouterState({ select: (state) => state.location.pathname })
  useEffect(() => {
    const current = bar.current?.querySelector<HTMLElement>('[aria-current=page]')
    if (bar.current && current) bar.current.scrollLeft = current.offsetLeft - (bar.current.clientWidth - current.offsetWidth) / 2
  }, [path])
  return (
    <nav ref={bar} aria-label={label} className="sticky top-14 z-10 flex gap-1 overflow-x-auto border-b bg-page px-2 md:px-6">
      {tabs.map((tab) => (
        <Link
          key={tab.to}
          to={tab.to}
          activeOptions={{ exact: true, includeSearch: false }}
          className={cx('flex min-h-11 shrink-0 items-center border-b-2 border-transparent px-2 text-ink-2 no-underline hover:text-ink md:px-3')}
          activeProps={{ className: 'border-accent! text-accent-ink! font-medium', 'aria-current': 'page' }}
        >
          {tab.label}
        </Link>
      ))}
    </nav>
  )
}
