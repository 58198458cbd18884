/** The new bot beside its first settings: in the real widget; one that is not public, in the playground's chat. */
import type { Schemas } from '@shopwright/api'
import { Button, buttonClass, Loading, TextArea, TextField, useToast } from '@shopwright/ui'
import { Link, useNavigate } from '@tanstack/react-router'
import { PartyPopper } from 'lucide-react'
import { useBot, type BotRead } from '../../data/account'
import { useChat } from '../../data/chat'
import { FRESH } from '../../data/onboarding'
import { useDraft } from '../../frame/SaveBar'
import { useForm } from '../../frame/useForm'
import { useText } from '../../i18n'
import { saveBot } from '../bot/Answers'
import { Conversation } from '../bot/Playground'
import type { StepProps } from './Onboarding'

export function DoneStep({ state, go }: StepProps) {
  const { onboarding: text, common } = useText()
  const navigate = useNavigate()
  const bot = useBot(state.bot_id ?? undefined)
  if (!bot.data) return <Loading label={common.loading} />
  const finish = (to: string) => () => {
    void navigate({ to }).then(() => go({ ...FRESH, step: 'done' }))
  }
  return (
    <div className="flex flex-col gap-6">
      <header className="flex flex-wrap items-center justify-between gap-4">
        <div>
          <h2 className="animate-rise flex items-center gap-3 text-title md:text-display"><PartyPopper size={20} aria-hidden className="text-accent-ink" /> {text.doneTitle(bot.data.name)}</h2>
          <p className="mt-2 text-muted">{text.doneAbout}</p>
        </div>
        <div className="flex gap-2">
          <Button onClick={finish(`/bots/${bot.data.id}`)}>{text.finish}</Button>
          <Button look="primary" onClick={finish(`/bots/${bot.data.id}/live`)}>{text.goLive}</Button>
        </div>
      </header>
      <div className="grid gap-6 lg:grid-cols-[320px_minmax(0,1fr)]">
        <Quick key={bot.data.id} bot={bot.data} />
        <div className="h-[clamp(420px,calc(100dvh-250px),680px)] overflow-hidden rounded-card border"><Trial bot={bot.data} /></div>
      </div>
    </div>
  )
}

function Quick({ bot }: { bot: BotRead }) {
  const { onboarding: text, common, bot: { answers } } = useText()
  const toast = useToast()
  const settings = bot.settings as Schemas['BotSettings']
  const { draft, set, dirty, saved } = useDraft({ name: bot.name, greeting: settings.greeting ?? '', tone: bot.tone })
  const form = useForm(async () => {
    await saveBot(bot.id, { name: draft.name, tone: draft.tone, settings: { ...settings, greeting: draft.greeting || null } })
    saved()
    toast(common.saved)
  }, Object.keys(draft))
  return (
    <form className="flex flex-col gap-4" onSubmit={(event) => void form.submit(event)}>
      <TextField label={text.name} required maxLength={120} value={draft.name} onChange={(event) => set({ name: event.target.value })} error={form.errorOf('name')} />
      <TextArea label={text.greeting} hint={answers.greetingHint} placeholder={text.greetingNow} rows={3} maxLength={500} value={draft.greeting} onChange={(event) => set({ greeting: event.target.value })} error={form.errorOf('greeting')} />
      <TextField label={text.tone} hint={answers.toneHint} maxLength={200} value={draft.tone} onChange={(event) => set({ tone: event.target.value })} error={form.errorOf('tone')} />
      {form.error && <p role="alert" className="text-danger-ink">{form.error}</p>}
      <div className="flex gap-2">
        <Button type="submit" busy={form.busy} disabled={!dirty}>{common.save}</Button>
        <Link to={`/bots/${bot.id}/answers`} className={buttonClass('quiet')}>{text.more}</Link>
      </div>
    </form>
  )
}

function Trial({ bot }: { bot: BotRead }) {
  const { bot: words } = useText()
  const navigate = useNavigate()
  const chat = useChat(bot.id)
  if (bot.is_public) return <iframe sandbox="allow-scripts allow-same-origin allow-forms allow-popups" key={bot.revision} src={`/chat/${bot.id}`} title={words.look.preview} className="size-full" />
  return <Conversation botId={bot.id} chat={chat} first={undefined} shown={undefined} onChoose={() => void navigate({ to: `/bots/${bot.id}/try` })} onOpen={(span) => void navigate({ to: `/bots/${bot.id}/try`, search: { document: span.document_id, version: String(span.document_version), start: String(span.start), end: String(span.end) } })} />
}
