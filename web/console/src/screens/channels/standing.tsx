/** How a channel stands: a word with a shape, what is wrong in a sentence, and the one button that mends it. */
import { Button, cx, Notice } from '@shopwright/ui'
import { CircleCheck, CircleDashed, CirclePause, TriangleAlert, type LucideIcon } from 'lucide-react'
import { useMay } from '../../data/account'
import { connect, mendOf, saidBy, standOf, switchOn, tokenEndsIn, type Deployment, type Mend, type Stand } from '../../data/channels'
import { useForm, type FormState } from '../../frame/useForm'
import { useText } from '../../i18n'
import { ServerText } from '../../i18n/server'

const SHAPES: Record<Stand, LucideIcon> = { connected: CircleCheck, attention: TriangleAlert, open: CircleDashed, off: CirclePause }
const INKS: Record<Stand, string> = { connected: 'text-success-ink', attention: 'text-warning-ink', open: 'text-muted', off: 'text-muted' }

export function Standing({ deployment }: { deployment: Pick<Deployment, 'status'> }) {
  const { channels: text } = useText()
  const stand = standOf(deployment)
  const Shape = SHAPES[stand]
  return (
    <span className={cx('inline-flex items-center gap-1.5 whitespace-nowrap', deployment.status === 'failed' ? 'text-danger-ink' : INKS[stand])}>
      <Shape size={16} aria-hidden />
      <span className="font-medium">{text.stands[stand]}</span>
    </span>
  )
}

export function usePlatformName(): (given: { channel: string; name?: string }) => string {
  const { channels: text } = useText()
  return ({ channel, name }) => text.names[channel] ?? name ?? channel
}

/** What is opened beside the list, in the address: details, the way to being connected, new keys. */
export type Opened = 'open' | 'setup' | 'keys'
export type Open = (what: Opened, deployment: Deployment) => void

export interface Mending {
  mend: Mend | null
  run: () => void
  form: FormState
}

export function useMending(deployment: Deployment, open: Open): Mending {
  const mend = mendOf(deployment)
  const form = useForm(async () => {
    const done = mend === 'on' ? await switchOn(deployment.id) : await connect(deployment.id)
    if (done.status === 'pending') open('setup', done)
  })
  const run = () => {
    if (mend === 'connect' || mend === 'retry' || mend === 'on') void form.submit()
    else if (mend) open(mend === 'keys' ? 'keys' : mend === 'probe' ? 'open' : 'setup', deployment)
  }
  return { mend, run, form }
}

const TONES = { failed: 'danger', degraded: 'warning', pending: 'info', disabled: 'info', connected: 'info' } as const

/** Nothing while all is well. */
export function Trouble({ deployment, open }: { deployment: Deployment; open: Open }) {
  const { channels: text } = useText()
  const name = usePlatformName()(deployment)
  const may = useMay('bots')
  const mayKeys = useMay('team')
  const { mend, run, form } = useMending(deployment, open)
  const days = tokenEndsIn(deployment)
  if (!mend) {
    return days === null ? null : (
      <p className="flex flex-wrap items-center gap-x-3 gap-y-2 text-small">
        <span className="text-warning-ink">{text.endsIn(days)}</span>
        {mayKeys && <Button small onClick={() => open('keys', deployment)}>{text.mend.keys}</Button>}
      </p>
    )
  }
  const ends = deployment.reason === 'token_ends' && days !== null ? ` ${text.endsIn(days)}` : ''
  const refused = mend === 'keys' && !mayKeys
  return (
    <Notice
      tone={TONES[deployment.status]}
      action={may && !refused && <Button small look="primary" busy={form.busy} onClick={run}>{text.mend[mend]}</Button>}
    >
      <p>{(text.reasons[deployment.reason] ?? text.reasons[''])?.(name)}{ends}</p>
      {quotes(deployment) && <p className="mt-1 text-small break-words">{text.said} <ServerText text={saidBy(deployment)} /></p>}
      {may && refused && <p className="mt-1">{text.askOwner}</p>}
      {form.error && <p role="alert" className="mt-1 text-danger-ink">{form.error}</p>}
    </Notice>
  )
}

/** Where somebody else's words say more than ours. */
function quotes({ status, reason, detail }: Deployment): boolean {
  return Boolean(detail) && (['credentials', 'address', 'away', 'revoked'].includes(reason) || (status === 'failed' && reason === '') || (reason === 'off' && detail.includes(':')))
}
