/** What the bot may talk about, with a message to try it on. */
import { Problem, type Schemas } from '@shopwright/api'
import { Button, Card, Chip, Meter, Notice, Section, SelectField, Switch, TextArea, TextField, useToast } from '@shopwright/ui'
import { useQuery } from '@tanstack/react-query'
import { Plus, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { IconButton } from '@shopwright/ui'
import { api, queries, read } from '../../api'
import { useMay } from '../../data/account'
import { ListEditor } from '../../frame/ListEditor'
import { Page } from '../../frame/Page'
import { Loaded } from '../../frame/problems'
import { SaveBar, useDraft } from '../../frame/SaveBar'
import { useForm } from '../../frame/useForm'
import { useText } from '../../i18n'
import { ServerText } from '../../i18n/server'
import { useBotId } from './BotFrame'

type Scope = Schemas['ScopeRead']
type Write = Required<Schemas['ScopeWrite']>
const NEW: Write = {
  strictness_level: 'moderate', allowed_topics: [], forbidden_topics: [], refusal_message: null, examples: [],
  context_settings: { max_conversation_history: 10, citation_required: true, escalation_triggers: [] },
}

export function Topics() {
  const botId = useBotId()
  const scope = useQuery({
    queryKey: ['scope', botId],
    queryFn: async (): Promise<Scope | null> => {
      try {
        return await read(api.GET('/v1/tenant/bots/{bot_id}/scopes', { params: { path: { bot_id: botId } } }))
      } catch (error) {
        if (error instanceof Problem && error.status === 404 && !error.unknownPath) return null
        throw error
      }
    },
  })
  const { bot: { topics: text } } = useText()
  return (
    <Page title={text.title} about={text.about} wide>
      <Loaded query={scope}>{(data) => <Editor key={botId} botId={botId} scope={data} />}</Loaded>
    </Page>
  )
}

function Editor({ botId, scope }: { botId: string; scope: Scope | null }) {
  const { bot: { topics: text }, common } = useText()
  const toast = useToast()
  const may = useMay('bots')
  const first: Write = scope
    ? {
        strictness_level: scope.strictness_level as Write['strictness_level'], allowed_topics: scope.allowed_topics, forbidden_topics: scope.forbidden_topics,
        refusal_message: scope.refusal_message, examples: scope.examples as Write['examples'], context_settings: { ...NEW.context_settings, ...scope.context_settings },
      }
    : NEW
  const { draft, set, dirty, reset, saved } = useDraft(first)
  const form = useForm(async () => {
    const path = { params: { path: { bot_id: botId } }, body: draft }
    const now = scope ? await read(api.PUT('/v1/tenant/bots/{bot_id}/scopes', path)) : await read(api.POST('/v1/tenant/bots/{bot_id}/scopes', path))
    saved()
    queries.setQueryData(['scope', botId], now)
    void queries.invalidateQueries({ queryKey: ['readiness', botId] })
    toast(common.saved)
  })
  const context = draft.context_settings
  const setContext = (part: Partial<Write['context_settings']>) => set({ context_settings: { ...context, ...part } })
  return (
    <div className="grid items-start gap-8 xl:grid-cols-[minmax(0,1fr)_400px]">
      <form className="flex min-w-0 flex-col gap-8" onSubmit={(event) => void form.submit(event)}>
        {!scope && <Notice tone="warning">{text.notSet}</Notice>}
        <Section title={text.strictness}>
          <SelectField
            label={text.strictness} quiet disabled={!may} value={draft.strictness_level} hint={text.levelHints[draft.strictness_level]}
            options={Object.entries(text.levels).map(([value, label]) => ({ value, label }))}
            onChange={(event) => set({ strictness_level: event.target.value as Write['strictness_level'] })}
          />
        </Section>
        <Section title={text.allowed}><ListEditor label={text.add} items={draft.allowed_topics} disabled={!may} empty={text.none} onChange={(allowed_topics) => set({ allowed_topics })} /></Section>
        <Section title={text.forbidden}><ListEditor label={text.add} items={draft.forbidden_topics} disabled={!may} empty={text.none} onChange={(forbidden_topics) => set({ forbidden_topics })} /></Section>
        <Section title={text.escalate}><ListEditor label={text.add} hint={text.escalateHint} items={context.escalation_triggers ?? []} disabled={!may} empty={text.none} onChange={(escalation_triggers) => setContext({ escalation_triggers })} /></Section>
        <TextArea label={text.refusal} hint={text.refusalHint} rows={2} maxLength={1000} disabled={!may} value={draft.refusal_message ?? ''} onChange={(event) => set({ refusal_message: event.target.value || null })} />
        <Section title={text.examples} about={text.examplesAbout}><Examples items={draft.examples} disabled={!may} onChange={(examples) => set({ examples })} /></Section>
        <Card className="flex flex-col gap-4">
          <Switch label={text.sources} hint={text.sourcesHint} checked={context.citation_required ?? true} disabled={!may} onChange={(citation_required) => setContext({ citation_required })} />
          <TextField label={text.memory} type="number" min={0} max={50} className="max-w-28" disabled={!may} value={context.max_conversation_history ?? 10} onChange={(event) => setContext({ max_conversation_history: Number(event.target.value) })} />
        </Card>
        <SaveBar dirty={dirty} form={form} onDiscard={reset} />
      </form>
      <div className="xl:sticky xl:top-32 xl:order-none max-xl:order-first"><LiveTest botId={botId} dirty={dirty} /></div>
    </div>
  )
}

function Examples({ items, onChange, disabled }: { items: Write['examples']; onChange: (items: Write['examples']) => void; disabled: boolean }) {
  const { bot: { topics: text }, common } = useText()
  const [typed, setTyped] = useState('')
  const add = (allowed: boolean) => {
    if (typed.trim()) onChange([...items, { text: typed.trim(), allowed }])
    setTyped('')
  }
  return (
    <div className="flex flex-col gap-3">
      {items.length > 0 && (
        <ul className="divide-y rounded-card border">
          {items.map((item, at) => (
            <li key={at} className="flex items-center gap-3 px-4 py-2">
              <Chip tone={item.allowed ? 'success' : 'danger'}>{item.allowed ? text.answer : text.refuse}</Chip>
              <span className="min-w-0 flex-1 break-words">{item.text}</span>
              {!disabled && <IconButton label={common.removeNamed(item.text)} onClick={() => onChange(items.filter((_, index) => index !== at))}><Trash2 size={16} aria-hidden /></IconButton>}
            </li>
          ))}
        </ul>
      )}
      {!disabled && (
        <div className="flex flex-wrap items-end gap-2">
          <div className="min-w-48 flex-1"><TextField label={text.example} maxLength={500} value={typed} onChange={(event) => setTyped(event.target.value)} /></div>
          <Button onClick={() => add(true)} disabled={!typed.trim()} icon={<Plus size={16} aria-hidden />}>{text.answer}</Button>
          <Button onClick={() => add(false)} disabled={!typed.trim()} icon={<Plus size={16} aria-hidden />}>{text.refuse}</Button>
        </div>
      )}
    </div>
  )
}

const TONES = { allow: 'success', refuse: 'danger', handoff: 'info' } as const

function LiveTest({ botId, dirty }: { botId: string; dirty: boolean }) {
  const { bot: { topics: text }, playground } = useText()
  const [typed, setTyped] = useState('')
  const [verdict, setVerdict] = useState<Schemas['ScopeVerdict'] | null>(null)
  const form = useForm(async () => {
    setVerdict(await read(api.POST('/v1/tenant/bots/{bot_id}/scopes/test', { params: { path: { bot_id: botId } }, body: { text: typed.trim() } })))
  })
  return (
    <Card className="flex flex-col gap-4 bg-rail!">
      <div>
        <h2 className="text-lead">{text.test}</h2>
        <p className="text-muted">{text.testAbout}</p>
      </div>
      <form className="flex flex-col gap-3" onSubmit={(event) => void form.submit(event)}>
        <TextArea label={text.testLabel} rows={2} required maxLength={4000} value={typed} onChange={(event) => { setTyped(event.target.value); setVerdict(null) }}
          onKeyDown={(event) => { if (event.key === 'Enter' && !event.shiftKey) { event.preventDefault(); if (typed.trim()) void form.submit() } }} />
        {dirty && <p className="text-small text-warning-ink">{text.unsavedTest}</p>}
        <Button look="primary" type="submit" busy={form.busy} disabled={!typed.trim()}>{text.testButton}</Button>
      </form>
      {form.error && <p role="alert" className="text-danger-ink">{form.error}</p>}
      <div aria-live="polite" className="flex flex-col gap-3">
        {verdict && (
          <Notice tone={TONES[verdict.action]} title={text.verdicts[verdict.action] ?? verdict.action}>
            <p className="break-words"><ServerText text={verdict.reason} /></p>
            <p className="mt-1 text-small">{verdict.score < 0.05 ? text.closeCall : text.clear}</p>
          </Notice>
        )}
        {verdict && (
          <ul className="flex flex-col gap-1">
            {Object.entries(verdict.signals).map(([name, value]) => (
              <li key={name} className="grid grid-cols-[9rem_1fr] items-center gap-2 text-small">
                <span className="text-muted">{playground.signals[name] ?? name}</span>
                <Meter value={(value + 1) / 2} label={playground.signals[name] ?? name} tone={value > 0 ? 'accent' : 'neutral'} text={value.toFixed(2)} />
              </li>
            ))}
          </ul>
        )}
      </div>
    </Card>
  )
}
