import { Button, Loading } from '@shopwright/ui'
import { useQuery } from '@tanstack/react-query'
import { Store } from 'lucide-react'
import { useEffect } from 'react'
import { useForm } from '../../frame/useForm'
import { ProblemView } from '../../frame/problems'
import { useText } from '../../i18n'
import { session } from '../../session'
import { DoorCard } from './Door'
import { lastShop } from './lastShop'
import { challengeOf } from './proofs'

/** After the proof, the shops it opens; the one of the last time is entered without asking. */
export function ShopChoice({ choice, onDone, onChallenge, onBack }: { choice: string; onDone: () => Promise<void>; onChallenge: (challenge: string) => void; onBack: () => void }) {
  const { shops: text, auth } = useText()
  const open = useQuery({ queryKey: ['shop-choice', choice], retry: false, staleTime: Infinity, queryFn: () => session.choices(choice) })
  const enter = useForm(async () => {
    const wanted = lastShop.get()
    if (!wanted) return
    try {
      await session.choose(choice, wanted)
    } catch (refusal) {
      const challenge = challengeOf(refusal)
      if (challenge === null) throw refusal
      onChallenge(challenge)
      return
    }
    await onDone()
  })
  const remembered = open.data?.some(({ id }) => id === lastShop.get()) ?? false
  useEffect(() => {
    if (remembered) void enter.submit()
    // Once, when the list has come.
  }, [remembered])
  const again = <button type="button" className="underline underline-offset-4" onClick={onBack}>{auth.startOver}</button>
  if (open.error) return <DoorCard title={text.title} after={again}><ProblemView error={open.error} /></DoorCard>
  if (!open.data || (remembered && !enter.error)) return <DoorCard title={text.title}><Loading label={text.title} rows={2} /></DoorCard>
  return (
    <DoorCard title={text.title} about={open.data.length > 0 ? text.about : text.none} after={again}>
      <ul className="flex flex-col gap-2">
        {open.data.map(({ id, name }) => (
          <li key={id}>
            <Button className="w-full justify-start!" disabled={enter.busy} icon={<Store size={16} aria-hidden />} onClick={() => { lastShop.set(id); void enter.submit() }}>
              <span className="truncate">{name}</span>
            </Button>
          </li>
        ))}
      </ul>
      {enter.error && <p role="alert" className="text-danger-ink">{enter.error}</p>}
    </DoorCard>
  )
}
