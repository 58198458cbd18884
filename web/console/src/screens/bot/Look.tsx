/** Colours and icon of the chat, with a preview that follows each change. */
import type { Schemas, Theme, ThemeColours } from '@shopwright/api'
import { problemFrom } from '@shopwright/api'
import { Button, buttonClass, Notice, Section, SelectField, TextField, useToast } from '@shopwright/ui'
import { Bot as BotIcon, SendHorizontal, Upload, Wand2 } from 'lucide-react'
import { useId, useState } from 'react'
import { useBot, useMay, type BotRead } from '../../data/account'
import { deriveTheme, isTheme, mended, weaknesses } from '../../data/theme'
import { Page } from '../../frame/Page'
import { useSentence } from '../../frame/problems'
import { SaveBar, useDraft } from '../../frame/SaveBar'
import { useForm } from '../../frame/useForm'
import { useFormat, useText } from '../../i18n'
import { session } from '../../session'
import { saveBot } from './Answers'
import { useBotId } from './BotFrame'

type IconCreated = Schemas['IconRead']

const DEFAULT_ACCENT = '#4150d0'

export async function uploadIcon(file: File): Promise<IconCreated> {
  const body = new FormData()
  body.append('file', file)
  const answer = await session.fetch(new Request(`${location.origin}/v1/tenant/icons`, { method: 'POST', body }))
  if (!answer.ok) throw problemFrom(answer.status, await answer.json().catch(() => null))
  return (await answer.json()) as IconCreated
}

export function Look() {
  const bot = useBot(useBotId())
  return bot.data ? <Editor key={bot.data.id} bot={bot.data} /> : null
}

function Editor({ bot }: { bot: BotRead }) {
  const { bot: { look: text }, common } = useText()
  const may = useMay('bots')
  const toast = useToast()
  const settings = bot.settings as Schemas['BotSettings']
  const { draft, set, dirty, reset, saved } = useDraft<Theme>(isTheme(settings.theme) ? settings.theme : deriveTheme(DEFAULT_ACCENT))
  const form = useForm(async () => {
    await saveBot(bot.id, { settings: { ...settings, theme: draft as unknown as NonNullable<Schemas['BotSettings']['theme']> } })
    saved()
    toast(common.saved)
  })
  return (
    <Page title={text.title} about={text.about} wide>
      <div className="grid items-start gap-8 xl:grid-cols-[minmax(400px,1fr)_minmax(0,620px)]">
        <form className="flex min-w-0 flex-col gap-8" onSubmit={(event) => void form.submit(event)}>
          <fieldset disabled={!may} className="contents">
            <IconPicker iconId={draft.icon_id} onTheme={(theme) => set(theme)} />
            <Section title={text.accent}>
              <div className="grid gap-4 sm:grid-cols-2">
                <ColourField label={text.accent} value={draft.accent} onChange={(accent) => set(deriveTheme(accent, draft))} />
                <TextField label={`${text.radius}: ${draft.radius}`} type="range" min={0} max={24} className="accent-accent" value={draft.radius} onChange={(event) => set({ radius: Number(event.target.value) })} />
                <SelectField label={text.position} value={draft.position} options={Object.entries(text.positions).map(([value, label]) => ({ value, label }))} onChange={(event) => set({ position: event.target.value as Theme['position'] })} />
              </div>
            </Section>
            <Contrast theme={draft} onMend={() => set(mended(draft))} />
            <details className="rounded-card border">
              <summary className="min-h-11 px-4 py-3 font-medium">{text.all}</summary>
              <div className="grid gap-6 border-t p-4 sm:grid-cols-2">
                {(['light', 'dark'] as const).map((scheme) => (
                  <div key={scheme} className="flex flex-col gap-3">
                    <h3 className="text-base">{text[scheme]}</h3>
                    {(Object.keys(text.names) as (keyof ThemeColours)[]).map((name) => (
                      <ColourField key={name} label={text.names[name] ?? name} value={draft[scheme][name]} onChange={(colour) => set({ [scheme]: { ...draft[scheme], [name]: colour } })} />
                    ))}
                  </div>
                ))}
              </div>
            </details>
          </fieldset>
          <SaveBar dirty={dirty} form={form} onDiscard={reset} />
        </form>
        <section aria-label={text.preview} className="grid gap-4 sm:grid-cols-2 xl:sticky xl:top-32">
          <Preview name={bot.name} greeting={settings.greeting ?? text.previewBot} theme={draft} scheme="light" />
          <Preview name={bot.name} greeting={settings.greeting ?? text.previewBot} theme={draft} scheme="dark" />
        </section>
      </div>
    </Page>
  )
}

export function IconPicker({ iconId, onTheme }: { iconId: string | null; onTheme: (theme: Theme) => void }) {
  const { bot: { look: text } } = useText()
  const id = useId()
  const say = useSentence()
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<string>()
  const choose = async (file: File | undefined) => {
    if (!file) return
    setBusy(true)
    setError(undefined)
    try {
      const { theme, icon_id } = await uploadIcon(file)
      onTheme({ ...theme, icon_id })
    } catch (refusal) {
      setError(say(refusal))
    } finally {
      setBusy(false)
    }
  }
  return (
    <Section title={text.icon} about={text.iconHint}>
      <div className="flex flex-wrap items-center gap-4">
        {iconId ? (
          <img src={`/icons/${iconId}.png?size=128`} alt={text.icon} width={64} height={64} className="size-16 rounded-card border object-cover" />
        ) : (
          <span aria-hidden className="flex size-16 items-center justify-center rounded-card border bg-sunk text-muted"><BotIcon size={20} /></span>
        )}
        <label htmlFor={id} className={`${buttonClass('secondary')} focus-within:outline-2 focus-within:outline-accent`} aria-busy={busy}>
          <Upload size={16} aria-hidden /> {text.upload}
          <input id={id} type="file" accept="image/png,image/jpeg,image/webp,image/gif,image/x-icon" className="sr-only" disabled={busy} onChange={(event) => { void choose(event.target.files?.[0]); event.target.value = '' }} />
        </label>
      </div>
      {error && <Notice tone="danger">{error}</Notice>}
    </Section>
  )
}

function ColourField({ label, value, onChange }: { label: string; value: string; onChange: (value: string) => void }) {
  return (
    <div className="flex items-end gap-2">
      <div className="min-w-0 flex-1">
        <TextField label={label} value={value} maxLength={7} pattern="#[0-9a-fA-F]{6}" spellCheck={false} className="font-mono" onChange={(event) => onChange(event.target.value)} />
      </div>
      <input type="color" aria-label={label} value={/^#[0-9a-f]{6}$/i.test(value) ? value : '#000000'} onChange={(event) => onChange(event.target.value)} className="h-9 w-11 shrink-0 rounded-control border border-control bg-surface p-1" />
    </div>
  )
}

function Contrast({ theme, onMend }: { theme: Theme; onMend: () => void }) {
  const { bot: { look: text } } = useText()
  const format = useFormat()
  const weak = weaknesses(theme)
  if (weak.length === 0) return <Notice tone="success">{text.passed}</Notice>
  return (
    <Notice tone="warning" action={<Button small icon={<Wand2 size={16} aria-hidden />} onClick={onMend}>{text.mend}</Button>}>
      <ul>
        {weak.map((one) => (
          <li key={`${one.scheme}${one.text}${one.ground}`}>{text[one.scheme]}: {text.fails(text.on(text.names[one.text] ?? one.text, text.names[one.ground] ?? one.ground), format.number(one.ratio, 1))}</li>
        ))}
      </ul>
    </Notice>
  )
}

/** A likeness of the chat. It is a picture: nothing in it can be reached with the keyboard. */
export function Preview({ name, greeting, theme, scheme }: { name: string; greeting: string; theme: Theme; scheme: 'light' | 'dark' }) {
  const { bot: { look: text }, playground } = useText()
  const colours = theme[scheme]
  const round = Math.min(theme.radius, 24)
  return (
    <figure className="min-w-0">
      <div role="img" aria-label={`${text.preview}: ${text[scheme]}`} className="overflow-hidden border" style={{ borderRadius: round, background: colours.background, color: colours.text, borderColor: colours.border }}>
        <div className="flex items-center gap-3 border-b px-4 py-3" style={{ background: colours.surface, borderColor: colours.border }}>
          {theme.icon_id ? <img src={`/icons/${theme.icon_id}.png?size=64`} alt="" className="size-8 rounded-pill" /> : <span className="flex size-8 items-center justify-center rounded-pill" style={{ background: colours.accent, color: colours.on_accent }}><BotIcon size={16} /></span>}
          <span className="truncate font-medium">{name}</span>
        </div>
        <div className="flex min-h-56 flex-col gap-3 p-4">
          <p className="max-w-[85%] self-start px-3 py-2" style={{ background: colours.bubble_bot, borderRadius: round }}>{greeting}</p>
          <p className="max-w-[85%] self-end px-3 py-2" style={{ background: colours.bubble_visitor, color: colours.on_bubble_visitor, borderRadius: round }}>{text.previewVisitor}</p>
        </div>
        <div className="flex items-center gap-2 border-t p-3" style={{ background: colours.surface, borderColor: colours.border }}>
          <span className="flex-1 truncate px-2" style={{ color: colours.muted }}>{playground.placeholder}</span>
          <span className="flex size-9 items-center justify-center" style={{ background: colours.accent, color: colours.on_accent, borderRadius: Math.min(round, 12) }}><SendHorizontal size={16} /></span>
        </div>
      </div>
      <figcaption className="mt-2 text-center text-small text-muted">{text[scheme]}</figcaption>
    </figure>
  )
}
