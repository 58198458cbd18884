/** One platform, played: its head, its thread, and what is different today. */
import { Problem } from '@shopwright/api'
import { Button, Confirm, cx, IconButton, Loading, Menu, MenuItem, MenuLine, useToast } from '@shopwright/ui'
import { Ban, Cable, CloudLightning, Eye, FastForward, MoreVertical, Trash2, UserRoundPlus } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { api, queries } from '../../api'
import { act, begin, coming, isThere, renew, useLabThread, type Acted, type LabAct, type LabChannel, type LabMessage, type LabThread, type Place } from '../../data/lab'
import { PlatformIcon } from '../../frame/PlatformIcon'
import { ProblemView, useSentence } from '../../frame/problems'
import { useForm } from '../../frame/useForm'
import { useText } from '../../i18n'
import { usePlatformName } from '../channels/standing'
import { layoutOf, Message, type Playing } from './Message'
import './lab.css'

export interface FrameProps {
  botId: string
  bot: string
  may: boolean
  onWrite: (place: Place, mode: 'change' | 'answer', message: LabMessage) => void
  onOpen: (what: 'wire' | 'faults', place: Place) => void
}

export function Frame({ channel, ...props }: FrameProps & { channel: LabChannel }) {
  const { lab: text } = useText()
  const name = usePlatformName()(channel)
  return (
    <section aria-label={text.chat(name)} data-platform={channel.channel} className="lab-frame flex h-full min-h-0 min-w-0 flex-col overflow-hidden rounded-card border">
      {isThere(channel) ? <Played place={channel} name={name} {...props} /> : <Waiting channel={channel} name={name} {...props} />}
    </section>
  )
}

function Head({ channel, name, bot, children }: { channel: string; name: string; bot: string; children?: React.ReactNode }) {
  return (
    <header className="lab-head lab-edge flex min-h-12 items-center gap-2.5 border-b px-3 py-1.5">
      <PlatformIcon channel={channel} size={20} />
      <div className="min-w-0 flex-1">
        <p className="truncate leading-tight font-strong">{bot}</p>
        <p className="truncate text-small leading-tight">{name}</p>
      </div>
      {children}
    </header>
  )
}

function Waiting({ channel, name, bot, botId, may }: FrameProps & { channel: LabChannel; name: string }) {
  return (
    <>
      <Head channel={channel.channel} name={name} bot={bot} />
      <Begin botId={botId} channel={channel.channel} may={may} />
    </>
  )
}

/** Makes the account, or brings it back. */
function Begin({ botId, channel, may, onDone, children }: { botId: string; channel: string; may: boolean; onDone?: () => void; children?: React.ReactNode }) {
  const { lab: text } = useText()
  const form = useForm(async () => {
    await begin(botId, channel)
    onDone?.()
  })
  return (
    <div className="lab-ground flex flex-1 flex-col items-center justify-center gap-3 p-6 text-center">
      {children}
      {may && <Button busy={form.busy} onClick={() => void form.submit()}>{form.busy ? text.starting : text.start}</Button>}
      {form.error && <p role="alert" className="text-danger-ink">{form.error}</p>}
    </div>
  )
}

function Played({ place, name, bot, botId, may, onWrite, onOpen }: FrameProps & { place: Place; name: string }) {
  const { lab: text, common } = useText()
  const say = useSentence()
  const [busy, setBusy] = useState(false)
  const [said, setSaid] = useState<string | null>(null)
  const thread = useLabThread(place.deployment.id)
  const forgot = thread.error instanceof Problem && thread.error.code === 'lab_forgot'
  const does = async (done: Partial<LabAct> & { kind: LabAct['kind'] }) => {
    setBusy(true)
    setSaid(null)
    try {
      setSaid(wordsOf(await act(place.deployment.id, done), text))
    } catch (error) {
      setSaid(say(error))
    } finally {
      setBusy(false)
    }
  }
  const playing: Playing = { acts: new Set(place.acts), onAct: (done) => void does(done), onWrite: (mode, message) => onWrite(place, mode, message), busy, may }
  return (
    <>
      <Head channel={place.channel} name={name} bot={bot}>
        <Signs thread={thread.data} onOpen={(what) => onOpen(what, place)} />
        <More place={place} name={name} may={may} onAct={playing.onAct} onOpen={(what) => onOpen(what, place)} />
      </Head>
      {forgot ? (
        <Begin botId={botId} channel={place.channel} may={may} onDone={() => void thread.refetch()}><p>{say(thread.error)}</p></Begin>
      ) : thread.error && !thread.data ? (
        <div className="lab-ground flex-1 overflow-y-auto"><ProblemView error={thread.error} retry={() => void thread.refetch()} /></div>
      ) : thread.data ? (
        <Thread thread={thread.data} channel={place.channel} name={name} bot={bot} playing={playing} />
      ) : (
        <div className="lab-ground flex-1 p-4"><Loading label={common.loading} rows={3} /></div>
      )}
      {said && <p role="status" className="lab-ground border-t px-3 py-1.5 text-small text-warning-ink lab-edge">{said}</p>}
    </>
  )
}

/** Nothing while all is well. */
export function wordsOf({ delivered, status, detail }: Acted, text: { notTaken: (status: string) => string; noAnswer: string }): string | null {
  if (delivered) return null
  return detail || text.notTaken(status === null ? text.noAnswer : String(status))
}

function Thread({ thread, channel, name, bot, playing }: { thread: LabThread; channel: string; name: string; bot: string; playing: Playing }) {
  const { lab: text } = useText()
  const box = useRef<HTMLDivElement>(null)
  const last = thread.messages.at(-1)
  useEffect(() => {
    box.current?.scrollTo({ top: box.current.scrollHeight })
  }, [thread.messages.length, last?.id, last?.lines.length, thread.typing])
  return (
    <div ref={box} role="log" aria-label={text.chat(name)} tabIndex={0} className="lab-ground relative flex min-h-0 flex-1 flex-col gap-2.5 overflow-y-auto px-3 py-4">
      {thread.messages.length === 0 && <p className="lab-quiet m-auto text-center">{text.nothing}</p>}
      {thread.messages.map((message) => <Message key={message.id} layout={layoutOf(channel)} message={message} all={thread.messages} bot={bot} playing={playing} />)}
      {thread.typing && (
        <p role="status" className="lab-theirs lab-bubble lab-quiet flex w-fit items-center gap-1 px-3 py-2.5">
          <span className="sr-only">{bot} {text.typing}</span>
          {[0, 1, 2].map((dot) => <span key={dot} aria-hidden className="animate-wait size-1.5 rounded-pill bg-current" />)}
        </p>
      )}
      {!thread.window_open && thread.messages.length > 0 && <p className="lab-theirs lab-quiet mx-auto max-w-[85%] px-3 py-1 text-center text-small">{text.windowClosed}</p>}
    </div>
  )
}

/** What went wrong on the way, and what goes wrong on purpose. */
function Signs({ thread, onOpen }: { thread: LabThread | undefined; onOpen: (what: 'wire' | 'faults') => void }) {
  const { lab: text } = useText()
  if (!thread) return null
  const faults = coming(thread.faults)
  const look = 'inline-flex min-h-6 items-center rounded-pill bg-surface! px-2 text-small whitespace-nowrap'
  return (
    <>
      {thread.violations.length > 0 && <button type="button" className={cx(look, 'text-danger-ink!')} onClick={() => onOpen('wire')}>{text.problems(thread.violations.length)}</button>}
      {faults.length > 0 && <button type="button" className={cx(look, 'text-warning-ink!')} onClick={() => onOpen('faults')}>{text.faultsOn(faults.length)}</button>}
    </>
  )
}

function More({ place, name, may, onAct, onOpen }: { place: Place; name: string; may: boolean; onAct: Playing['onAct']; onOpen: (what: 'wire' | 'faults') => void }) {
  const { lab: text } = useText()
  const toast = useToast()
  const [asking, setAsking] = useState(false)
  const id = place.deployment.id
  const fresh = useForm(async () => {
    await renew(id)
    toast(text.restarted)
  })
  const end = useForm(async () => {
    await api.DELETE('/v1/tenant/deployments/{deployment_id}', { params: { path: { deployment_id: id } } })
    setAsking(false)
    void queries.invalidateQueries({ queryKey: ['lab'] })
    toast(text.ended(name))
  })
  return (
    <>
      <Menu label={text.more(name)} trigger={<IconButton label={text.more(name)} className="-me-1.5 size-8! hover:bg-black/15!"><MoreVertical size={20} aria-hidden /></IconButton>}>
        <MenuItem icon={<Cable size={16} aria-hidden />} onSelect={() => onOpen('wire')}>{text.wire}</MenuItem>
        {may && <MenuItem icon={<CloudLightning size={16} aria-hidden />} onSelect={() => onOpen('faults')}>{text.faults}</MenuItem>}
        {may && <MenuLine />}
        {may && place.acts.includes('read') && <MenuItem icon={<Eye size={16} aria-hidden />} onSelect={() => onAct({ kind: 'read' })}>{text.read}</MenuItem>}
        {may && place.acts.includes('block') && <MenuItem icon={<Ban size={16} aria-hidden />} onSelect={() => onAct({ kind: 'block' })}>{text.block}</MenuItem>}
        {may && place.acts.includes('unblock') && <MenuItem icon={<Ban size={16} aria-hidden />} onSelect={() => onAct({ kind: 'unblock' })}>{text.unblock}</MenuItem>}
        {may && place.acts.includes('later') && <MenuItem icon={<FastForward size={16} aria-hidden />} onSelect={() => onAct({ kind: 'later' })}>{text.later}</MenuItem>}
        {may && <MenuItem icon={<UserRoundPlus size={16} aria-hidden />} onSelect={() => void fresh.submit()}>{text.renew}</MenuItem>}
        {may && <MenuLine />}
        {may && <MenuItem danger icon={<Trash2 size={16} aria-hidden />} onSelect={() => setAsking(true)}>{text.end}</MenuItem>}
      </Menu>
      <Confirm open={asking} onClose={() => setAsking(false)} onConfirm={() => void end.submit()} title={text.endTitle(name)} about={text.endAbout} action={text.end} busy={end.busy} error={end.error} />
    </>
  )
}
