/** The bot as customers meet it on each platform, side by side. */
import { Button, cx, Empty, useToast } from '@shopwright/ui'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { FlaskConical, FlaskConicalOff, UserRoundPlus } from 'lucide-react'
import { useState } from 'react'
import { useBot, useMay } from '../../data/account'
import { begin, isThere, renew, shownOf, toggled, useLab, useLabEvents, type LabChannel, type Place } from '../../data/lab'
import { PageTitle } from '../../frame/Page'
import { PlatformIcon } from '../../frame/PlatformIcon'
import { Loaded, useSentence } from '../../frame/problems'
import { useText } from '../../i18n'
import { ServerText } from '../../i18n/server'
import { useBotId } from '../bot/BotFrame'
import { usePlatformName } from '../channels/standing'
import { Composer, type Writing } from './Composer'
import { Faults } from './Faults'
import { Frame } from './Frame'
import { Wire } from './Wire'

const FIRST = ['telegram', 'whatsapp', 'slack'] as const
interface Search {
  on?: string
  wire?: string
  faults?: string
}

export function Lab() {
  const botId = useBotId()
  const { lab: text } = useText()
  const lab = useLab(botId)
  return (
    <>
      <title>{`${text.title} · Shopwright`}</title>
      <PageTitle quiet>{text.title}</PageTitle>
      <Loaded query={lab}>
        {({ enabled, detail, channels }) =>
          enabled ? <Stage key={botId} botId={botId} channels={channels} /> : <Empty icon={FlaskConicalOff} title={text.offTitle}><ServerText text={detail} /></Empty>
        }
      </Loaded>
    </>
  )
}

function Stage({ botId, channels }: { botId: string; channels: LabChannel[] }) {
  const { lab: text } = useText()
  const bot = useBot(botId)
  const may = useMay('bots')
  const toast = useToast()
  const say = useSentence()
  const navigate = useNavigate()
  const search = useSearch({ strict: false }) as Search
  const [writing, setWriting] = useState<Writing | null>(null)
  const show = (part: Search) => void navigate({ to: '.', search: (before: Search) => ({ ...before, ...part }), resetScroll: false })
  const shown = shownOf(search.on, channels)
  const places = shown.filter(isThere)
  useLabEvents(botId, places.length > 0)
  const start = async (wanted: readonly string[]) => {
    const missing = channels.filter((one) => wanted.includes(one.channel) && !isThere(one))
    await Promise.all(missing.map(({ channel }) => begin(botId, channel).catch((error: unknown) => toast(say(error)))))
  }
  const toggle = (channel: string) => {
    const on = toggled(shown, channel)
    show({ on: on || '-' })
    if (may && on.split(',').includes(channel)) void start([channel])
  }
  const open = (place: string | undefined): Place | undefined => places.find(({ channel }) => channel === place)
  return (
    <div className="flex h-[calc(100dvh-101px)] min-h-96 flex-col max-md:h-[calc(100dvh-161px-env(safe-area-inset-bottom))]">
      <div className="flex items-center gap-3 border-b px-4 py-2 md:px-6">
        <Chooser channels={channels} shown={shown} onToggle={toggle} />
        {may && places.length > 0 && <Everywhere places={places} />}
      </div>
      {shown.length === 0 ? (
        <div className="flex-1 overflow-y-auto">
          <Empty
            icon={FlaskConical} title={text.emptyTitle}
            action={may && <Button look="primary" onClick={() => { show({ on: FIRST.join(',') }); void start(FIRST) }}>{text.begin}</Button>}
          >
            <p>{text.empty}</p>
            <p className="mt-2">{text.about}</p>
          </Empty>
        </div>
      ) : (
        <ul className="relative grid min-h-0 flex-1 auto-cols-[minmax(min(20rem,100%),1fr)] grid-flow-col gap-3 overflow-x-auto bg-rail p-3 max-md:snap-x max-md:snap-mandatory md:p-4" tabIndex={0} aria-label={text.title}>
          {shown.map((channel) => (
            <li key={channel.channel} className="min-h-0 min-w-0 snap-center">
              <Frame
                channel={channel} botId={botId} bot={bot.data?.name ?? ''} may={may}
                onWrite={(place, mode, message) => setWriting({ place, mode, message })} onOpen={(what, place) => show({ [what]: place.channel })}
              />
            </li>
          ))}
        </ul>
      )}
      {may && places.length > 0 && <Composer places={places} writing={null} hidden={writing !== null} onDone={() => undefined} />}
      {writing && <Composer key={`${writing.mode}${writing.message.id}`} places={places} writing={writing} onDone={() => setWriting(null)} />}
      <Wire place={open(search.wire)} onClose={() => show({ wire: '' })} />
      <Faults place={open(search.faults)} shown={places} onClose={() => show({ faults: '' })} />
    </div>
  )
}

function Chooser({ channels, shown, onToggle }: { channels: LabChannel[]; shown: readonly LabChannel[]; onToggle: (channel: string) => void }) {
  const { lab: text } = useText()
  const nameOf = usePlatformName()
  return (
    <div role="group" aria-label={text.choose} className="-my-1 flex min-w-0 flex-1 gap-1.5 overflow-x-auto py-1">
      {channels.map((channel) => {
        const on = shown.includes(channel)
        return (
          <button
            key={channel.channel} type="button" aria-pressed={on} onClick={() => onToggle(channel.channel)}
            className={cx('inline-flex min-h-8 shrink-0 items-center gap-1.5 rounded-pill border px-2.5 text-small whitespace-nowrap pointer-coarse:min-h-11', on ? 'border-accent-line bg-accent-soft text-accent-ink' : 'border-line text-ink-2 hover:bg-hover')}
          >
            <PlatformIcon channel={channel.channel} size={16} />
            {nameOf(channel)}
          </button>
        )
      })}
    </div>
  )
}

function Everywhere({ places }: { places: readonly Place[] }) {
  const { lab: text } = useText()
  const toast = useToast()
  const say = useSentence()
  const [busy, setBusy] = useState(false)
  const all = async () => {
    setBusy(true)
    try {
      await Promise.all(places.map(({ deployment }) => renew(deployment.id)))
      toast(text.restarted)
    } catch (error) {
      toast(say(error))
    } finally {
      setBusy(false)
    }
  }
  return <Button small busy={busy} icon={<UserRoundPlus size={16} aria-hidden />} onClick={() => void all()}><span className="max-md:sr-only">{text.restart}</span></Button>
}
