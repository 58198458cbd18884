import { Menu, MenuItem, MenuLine, MenuTitle } from '@shopwright/ui'
import { useNavigate } from '@tanstack/react-router'
import { LogOut, UserRound } from 'lucide-react'
import { useState } from 'react'
import { queries } from '../api'
import { useMyShops } from '../data/shops'
import { LANGUAGES, useLanguage, useText, type Language } from '../i18n'
import { session } from '../session'
import { ShopSwitch } from './ShopSwitch'
import { chooseTheme, themeChoice, type ThemeChoice } from './theme'

export function AccountMenu({ name, email, profile }: { name: string; email: string; profile: string }) {
  const text = useText()
  const { language, change } = useLanguage()
  const navigate = useNavigate()
  const [theme, setTheme] = useState(themeChoice)
  const state = session.snapshot()
  const member = state.status === 'in' && state.realm === 'member'
  useMyShops(member) // so that the menu opens with them
  // Away from the page first: who signs out by choice does not want to be led back to it.
  const leave = async () => {
    await navigate({ to: '/sign-in' })
    await session.signOut()
    queries.clear()
  }
  return (
    <Menu
      label={text.frame.account}
      trigger={
        <button type="button" aria-label={text.frame.account} className="flex size-8 shrink-0 items-center justify-center rounded-pill bg-accent-soft font-medium text-accent-ink hover:opacity-85 pointer-coarse:size-11">
          {(name || email || '?').slice(0, 1).toUpperCase()}
        </button>
      }
    >
      <div className="px-2 py-1.5">
        <p className="truncate font-medium">{name}</p>
        {email !== name && <p className="truncate text-small text-muted">{email}</p>}
      </div>
      <MenuLine />
      {member && <ShopSwitch />}
      <MenuItem icon={<UserRound size={16} aria-hidden />} onSelect={() => void navigate({ to: profile })}>
        {text.frame.profile}
      </MenuItem>
      <MenuLine />
      <MenuTitle>{text.frame.theme}</MenuTitle>
      {(['auto', 'light', 'dark'] as ThemeChoice[]).map((choice) => (
        <MenuItem key={choice} checked={choice === theme} onSelect={() => { chooseTheme(choice); setTheme(choice) }}>
          {text.frame.themes[choice]}
        </MenuItem>
      ))}
      <MenuTitle>{text.frame.language}</MenuTitle>
      {(Object.keys(LANGUAGES) as Language[]).map((one) => (
        <MenuItem key={one} checked={one === language} onSelect={() => void change(one)}>
          <span lang={one}>{LANGUAGES[one]}</span>
        </MenuItem>
      ))}
      <MenuLine />
      <MenuItem icon={<LogOut size={16} aria-hidden />} onSelect={() => void leave()}>
        {text.frame.signOut}
      </MenuItem>
    </Menu>
  )
}
