/** One input for all platforms that are shown, or for one of them. */
import { Button, IconButton, Menu, MenuItem, SelectField, useToast } from '@shopwright/ui'
import { FileText, Image as ImageIcon, MapPin, Mic, Paperclip, SendHorizontal, X } from 'lucide-react'
import { useId, useRef, useState, type KeyboardEvent } from 'react'
import { act, OUR_PLACE, textOf, type LabAct, type LabMessage, type Place } from '../../data/lab'
import { useSentence } from '../../frame/problems'
import { useFormat, useText } from '../../i18n'
import { usePlatformName } from '../channels/standing'
import { wordsOf } from './Frame'

export interface Writing {
  mode: 'change' | 'answer'
  place: Place
  message: LabMessage
}
interface Props {
  places: readonly Place[]
  writing: Writing | null
  onDone: () => void
  hidden?: boolean
}
type Thing = Extract<LabAct['kind'], 'image' | 'voice' | 'file' | 'location'>

/** For something that is changed or answered it is mounted a second time, with that as key, so that what was typed before stays. */
export function Composer({ places, writing, onDone, hidden = false }: Props) {
  const { lab: text, ui } = useText()
  const [to, setTo] = useState('')
  const [typed, setTyped] = useState(() => (writing?.mode === 'change' ? textOf(writing.message) : ''))
  const id = useId()
  const [subject, setSubject] = useState('')
  const [busy, setBusy] = useState(false)
  const field = useRef<HTMLTextAreaElement>(null)
  const nameOf = usePlatformName()
  const sending = useSending()
  const chosen = places.filter(({ channel }) => channel === to)
  const targets = writing ? [writing.place] : chosen.length > 0 ? chosen : places
  const done = async (all: readonly Place[], what: Partial<LabAct> & { kind: LabAct['kind'] }) => {
    setBusy(true)
    await sending(all, what)
    setBusy(false)
  }
  const send = async () => {
    const words = typed.trim()
    if (!words || busy || targets.length === 0) return
    setTyped('')
    if (writing) {
      await done(targets, { kind: writing.mode === 'change' ? 'edit' : 'text', text: words, message_id: writing.message.id })
      onDone()
    } else await done(targets, { kind: 'text', text: words, ...(subject.trim() ? { name: subject.trim() } : {}) })
    // Who went elsewhere meanwhile, to a menu say, stays there.
    const now = document.activeElement
    if (now === document.body || field.current?.form?.contains(now)) field.current?.focus()
  }
  const things: [Thing, string, React.ReactNode][] = [
    ['image', text.picture, <ImageIcon key="image" size={16} aria-hidden />], ['voice', text.voice, <Mic key="voice" size={16} aria-hidden />],
    ['file', text.file, <FileText key="file" size={16} aria-hidden />], ['location', text.place, <MapPin key="place" size={16} aria-hidden />],
  ]
  return (
    <form hidden={hidden} aria-label={text.composer} className="border-t bg-page px-4 py-3 md:px-6" onSubmit={(event) => { event.preventDefault(); void send() }}>
      {writing && (
        <p className="mx-auto mb-2 flex max-w-4xl items-center gap-2 text-small text-muted">
          <span className="min-w-0 flex-1 truncate">{writing.mode === 'change' ? text.changing : text.answering} {textOf(writing.message)}</span>
          <Button small look="quiet" icon={<X size={16} aria-hidden />} onClick={onDone}>{ui.cancel}</Button>
        </p>
      )}
      <div className="mx-auto flex max-w-4xl flex-wrap items-end gap-2">
        {!writing && places.length > 1 && (
          <div className="w-48 max-sm:w-full">
            <SelectField quiet label={text.target} value={chosen.length > 0 ? to : ''} options={[{ value: '', label: `${text.target} ${text.all(places.length)}` }, ...places.map((place) => ({ value: place.channel, label: `${text.target} ${nameOf(place)}` }))]} onChange={(event) => setTo(event.target.value)} />
          </div>
        )}
        {!writing && targets.length === 1 && targets[0]?.channel === 'email' && (
          <input aria-label={`${text.subject} ${text.subjectHint}`} placeholder={text.subject} maxLength={200} value={subject} onChange={(event) => setSubject(event.target.value)} className="min-h-9 w-40 rounded-control border border-control bg-surface px-3 pointer-coarse:min-h-11" />
        )}
        <div className="flex min-w-0 flex-1 basis-64 items-end gap-2">
          {!writing && (
            <Menu label={text.attach} align="start" trigger={<IconButton label={text.attach} disabled={busy || targets.length === 0}><Paperclip size={20} aria-hidden /></IconButton>}>
              {things.filter(([kind]) => targets.some(({ acts }) => acts.includes(kind))).map(([kind, label, icon]) => (
                <MenuItem key={kind} icon={icon} onSelect={() => void done(targets, kind === 'location' ? { kind, ...OUR_PLACE, name: text.placeName } : { kind })}>{label}</MenuItem>
              ))}
            </Menu>
          )}
          <label className="sr-only" htmlFor={id}>{text.composer}</label>
          <textarea
            ref={field} id={id} rows={1} value={typed} maxLength={8000} placeholder={text.placeholder} autoFocus={writing !== null} onChange={(event) => setTyped(event.target.value)}
            onKeyDown={(event: KeyboardEvent) => {
              if (event.key === 'Escape' && writing) onDone()
              if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return
              event.preventDefault()
              void send()
            }}
            className="field-sizing-content max-h-32 min-h-9 min-w-0 flex-1 resize-none rounded-control border border-control bg-surface px-3 py-1.5 pointer-coarse:min-h-11 pointer-coarse:py-2.5 pointer-coarse:text-lead"
          />
          <Button look="primary" type="submit" busy={busy} disabled={!typed.trim() || targets.length === 0} icon={<SendHorizontal size={16} aria-hidden className="rtl:rotate-180" />}><span className="max-sm:sr-only">{text.send}</span></Button>
        </div>
      </div>
    </form>
  )
}

/** Does it on all of them that have it, side by side; says what did not go. */
function useSending() {
  const { lab: text } = useText()
  const format = useFormat()
  const say = useSentence()
  const nameOf = usePlatformName()
  const toast = useToast()
  return async (places: readonly Place[], what: Partial<LabAct> & { kind: LabAct['kind'] }) => {
    const able = places.filter(({ acts }) => acts.includes(what.kind))
    const unable = places.filter((place) => !able.includes(place))
    if (unable.length > 0) toast(text.lacks(format.list(unable.map(nameOf))))
    await Promise.all(
      able.map(async (place) => {
        try {
          const words = wordsOf(await act(place.deployment.id, what), text)
          if (words) toast(`${nameOf(place)}: ${words}`)
        } catch (error) {
          toast(`${nameOf(place)}: ${say(error)}`)
        }
      }),
    )
  }
}
