/** Where administrators go: the first four, and what a phone shows behind "More". */
import { Activity, Building2, KeyRound, LogIn, ScrollText, SlidersHorizontal, Sparkles, UserSearch } from 'lucide-react'
import type { Place } from '../frame/Frame'
import { useText } from '../i18n'

export function useAdminPlaces(): { first: Place[]; rest: Place[] } {
  const { frame, administration: text } = useText()
  return {
    first: [
      { to: '/administration', icon: Building2, label: frame.tenants },
      { to: '/administration/people', icon: UserSearch, label: frame.people },
      { to: '/administration/providers', icon: Sparkles, label: frame.providers },
      { to: '/administration/health', icon: Activity, label: frame.health },
    ],
    rest: [
      { to: '/administration/key', icon: KeyRound, label: text.key.title },
      { to: '/administration/sign-in-services', icon: LogIn, label: frame.signInProviders },
      { to: '/administration/system', icon: SlidersHorizontal, label: frame.system },
      { to: '/administration/audit', icon: ScrollText, label: frame.audit },
    ],
  }
}
