/** What stands around the pages before signing in. */
import { Menu, MenuItem } from '@shopwright/ui'
import { Outlet } from '@tanstack/react-router'
import { Languages } from 'lucide-react'
import type { ReactNode } from 'react'
import { Connection } from '../../frame/Connection'
import { PageTitle } from '../../frame/Page'
import { LANGUAGES, useLanguage, useText, type Language } from '../../i18n'

export function Door() {
  const text = useText()
  const { language, change } = useLanguage()
  return (
    <div className="flex min-h-dvh flex-col bg-rail">
      <Connection />
      <header className="flex items-center justify-between px-4 py-3 md:px-8">
        <span className="flex items-center gap-2 font-strong">
          <img src="/icon.svg" alt="" width={24} height={24} /> Shopwright
        </span>
        <Menu
          label={text.frame.language}
          trigger={
            <button type="button" className="flex min-h-9 items-center gap-2 rounded-control px-2 text-ink-2 hover:bg-hover pointer-coarse:min-h-11">
              <Languages size={16} aria-hidden />
              <span className="sr-only">{text.frame.language}: </span>
              {LANGUAGES[language]}
            </button>
          }
        >
          {(Object.keys(LANGUAGES) as Language[]).map((one) => (
            <MenuItem key={one} checked={one === language} onSelect={() => void change(one)}>
              <span lang={one}>{LANGUAGES[one]}</span>
            </MenuItem>
          ))}
        </Menu>
      </header>
      <main id="content" className="flex flex-1 flex-col items-center px-4 pt-[6vh] pb-10">
        <Outlet />
      </main>
      <footer className="px-4 pb-6 text-center text-small text-muted">{text.auth.tagline}</footer>
    </div>
  )
}

export function DoorCard({ title, about, children, after }: { title: string; about?: ReactNode; children: ReactNode; after?: ReactNode }) {
  return (
    <div className="w-full max-w-[400px]">
      <title>{`${title} · Shopwright`}</title>
      <div className="flex flex-col gap-5 rounded-card border bg-surface p-6 md:p-8">
        <div>
          <PageTitle>{title}</PageTitle>
          {about && <div className="mt-2 text-muted">{about}</div>}
        </div>
        {children}
      </div>
      {after && <div className="mt-5 flex flex-col items-center gap-2 text-center text-ink-2">{after}</div>}
    </div>
  )
}
