/** The other shops of the person, in the account menu; nothing for those who have one. */
import { MenuItem, MenuLine, MenuTitle, useToast } from '@shopwright/ui'
import { useMe } from '../data/account'
import { useMyShops } from '../data/shops'
import { useText } from '../i18n'
import { lastShop } from '../screens/auth/lastShop'
import { challengeOf } from '../screens/auth/proofs'
import { session } from '../session'
import { useSentence } from './problems'

export function ShopSwitch() {
  const { shops: text } = useText()
  const me = useMe()
  const mine = useMyShops()
  const toast = useToast()
  const say = useSentence()
  const go = async (id: string) => {
    try {
      await session.enter(id)
      lastShop.set(id)
      location.assign('/')
    } catch (refusal) {
      const challenge = challengeOf(refusal)
      if (challenge === null) {
        toast(say(refusal))
        return
      }
      lastShop.set(id)
      await session.signOut()
      location.assign(`/sign-in#${new URLSearchParams({ challenge })}`)
    }
  }
  const here = me.data?.tenant.id
  if (!mine.data || mine.data.items.length < 2) return null
  return (
    <>
      <MenuTitle>{text.yours}</MenuTitle>
      {mine.data.items.map(({ id, name }) => (
        <MenuItem key={id} checked={id === here} onSelect={() => { if (id !== here) void go(id) }}>{name}</MenuItem>
      ))}
      <MenuLine />
    </>
  )
}
