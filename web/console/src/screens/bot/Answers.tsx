/** Who the bot is and how it speaks. */
import type { Schemas } from '@shopwright/api'
import { Button, Card, Confirm, Section, SelectField, Switch, TextArea, TextField, useToast } from '@shopwright/ui'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { api, queries, read } from '../../api'
import { at, readAll, refreshBot, useBot, useMay, type BotRead } from '../../data/account'
import { Page } from '../../frame/Page'
import { SaveBar, useDraft } from '../../frame/SaveBar'
import { useForm } from '../../frame/useForm'
import { useText } from '../../i18n'
import { useBotId } from './BotFrame'

export type BotSettings = Schemas['BotSettings'] & { suggestions?: string[] }
type BotUpdate = Schemas['BotUpdate']

export async function saveBot(id: string, body: Partial<BotUpdate>): Promise<BotRead> {
  const bot = await read(api.PATCH('/v1/tenant/bots/{bot_id}', { params: { path: { bot_id: id } }, body: body as BotUpdate }))
  queries.setQueryData(['bots', id], bot)
  refreshBot(id)
  return bot
}

export function useProviders() {
  return useQuery({ queryKey: ['providers'], queryFn: () => readAll((cursor) => read(api.GET('/v1/tenant/ai-providers', { params: { query: at(cursor) } }))) })
}

export function Answers() {
  const bot = useBot(useBotId())
  return bot.data ? <Form key={bot.data.id} bot={bot.data} /> : null
}

const LINES = 4
const options = (names: Record<string, string>) => Object.entries(names).map(([value, label]) => ({ value, label }))

function Form({ bot }: { bot: BotRead }) {
  const { bot: { answers: text }, common } = useText()
  const toast = useToast()
  const may = useMay('bots')
  const providers = useProviders()
  const settings = bot.settings as BotSettings
  const knowsSuggestions = 'suggestions' in settings
  const { draft, set, dirty, reset, saved } = useDraft({
    name: bot.name, description: bot.description, category: bot.category ?? '', personality: bot.personality, tone: bot.tone, system_prompt: bot.system_prompt,
    tenant_ai_provider_id: bot.tenant_ai_provider_id ?? '', fallback_ai_provider_id: bot.fallback_ai_provider_id ?? '', model: bot.model ?? '', temperature: bot.temperature, max_tokens: bot.max_tokens,
    greeting: settings.greeting ?? '', contact: settings.contact ?? '', language: settings.language ?? '', response_format: settings.response_format, citation_style: settings.citation_style,
    fallback_behavior: settings.fallback_behavior, suggestions: (settings.suggestions ?? []).join('\n'),
  })
  const form = useForm(async () => {
    const { greeting, contact, language, response_format, citation_style, fallback_behavior, suggestions, ...own } = draft
    const given = { ...settings, response_format, citation_style, fallback_behavior, greeting: greeting || null, contact: contact || null, language: language || null }
    const lines = suggestions.split('\n').map((line) => line.trim()).filter(Boolean).slice(0, LINES)
    await saveBot(bot.id, {
      ...own, category: own.category || null, model: own.model || null, tenant_ai_provider_id: own.tenant_ai_provider_id || null, fallback_ai_provider_id: own.fallback_ai_provider_id || null,
      settings: (knowsSuggestions ? { ...given, suggestions: lines } : given) as Schemas['BotSettings'],
    })
    saved()
    toast(common.saved)
  }, Object.keys(draft))
  const writers = [{ value: '', label: text.providerNone }, ...(providers.data ?? []).map((one) => ({ value: one.id, label: one.label || one.provider_name }))]
  const field = (name: keyof typeof draft) => ({
    name,
    value: draft[name],
    error: form.errorOf(name),
    disabled: !may,
    onChange: (event: { target: { value: string } }) => set({ [name]: event.target.value }),
  })
  return (
    <Page title={text.title} about={text.about}>
      <form className="flex flex-col gap-8" onSubmit={(event) => void form.submit(event)}>
        <Section title={text.who}>
          <div className="grid gap-4 md:grid-cols-2">
            <TextField label={text.name} required maxLength={120} {...field('name')} />
            <SelectField label={text.category} options={withOwn(options(text.categories), draft.category)} {...field('category')} />
          </div>
          <TextArea label={text.description} hint={text.descriptionHint} rows={2} maxLength={20000} {...field('description')} />
          <TextArea label={text.greeting} hint={text.greetingHint} rows={2} maxLength={500} {...field('greeting')} />
          {knowsSuggestions && <TextArea label={text.suggestions} hint={text.suggestionsHint} rows={4} {...field('suggestions')} />}
        </Section>
        <Section title={text.how}>
          <div className="grid gap-4 md:grid-cols-2">
            <TextField label={text.personality} hint={text.personalityHint} maxLength={500} {...field('personality')} />
            <TextField label={text.tone} hint={text.toneHint} maxLength={200} {...field('tone')} />
          </div>
          <TextArea label={text.instructions} hint={text.instructionsHint} rows={5} maxLength={20000} {...field('system_prompt')} />
          <div className="grid gap-4 md:grid-cols-3">
            <SelectField label={text.format} options={options(text.formats)} {...field('response_format')} />
            <SelectField label={text.citations} options={options(text.citationStyles)} {...field('citation_style')} />
            <SelectField label={text.language} options={withOwn(options(text.languages), draft.language)} {...field('language')} />
          </div>
        </Section>
        <Section title={text.unknown}>
          <div className="grid gap-4 md:grid-cols-2">
            <SelectField label={text.fallback} options={options(text.fallbacks)} {...field('fallback_behavior')} />
            <TextField label={text.contact} hint={text.contactHint} maxLength={500} {...field('contact')} />
          </div>
        </Section>
        <Section title={text.writer}>
          <div className="grid gap-4 md:grid-cols-2">
            <SelectField label={text.provider} options={writers} {...field('tenant_ai_provider_id')} />
            {draft.tenant_ai_provider_id && (
              <>
                <SelectField label={text.fallbackProvider} options={writers} {...field('fallback_ai_provider_id')} />
                <TextField label={text.model} hint={text.modelHint} maxLength={200} {...field('model')} />
                <TextField label={text.maxTokens} type="number" min={16} max={32000} {...field('max_tokens')} onChange={(event) => set({ max_tokens: Number(event.target.value) })} />
                <TextField label={`${text.temperature}: ${draft.temperature}`} hint={text.temperatureHint} type="range" min={0} max={2} step={0.1} className="accent-accent" {...field('temperature')} onChange={(event) => set({ temperature: Number(event.target.value) })} />
              </>
            )}
          </div>
        </Section>
        <SaveBar dirty={dirty} form={form} onDiscard={reset} />
      </form>
      {may && <Danger bot={bot} />}
    </Page>
  )
}

/** A value that is not on the list is one too: it was set through the API. */
function withOwn(known: { value: string; label: string }[], own: string) {
  return known.some(({ value }) => value === own) ? known : [...known, { value: own, label: own }]
}

function Danger({ bot }: { bot: BotRead }) {
  const { bot: { answers: text }, common } = useText()
  const toast = useToast()
  const navigate = useNavigate()
  const [asking, setAsking] = useState(false)
  const change = useForm(() => saveBot(bot.id, { is_active: !bot.is_active }))
  const remove = useForm(async () => {
    await api.DELETE('/v1/tenant/bots/{bot_id}', { params: { path: { bot_id: bot.id } } })
    await navigate({ to: '/bots' })
    queries.removeQueries({ queryKey: ['bots', bot.id] })
    void queries.invalidateQueries({ queryKey: ['bots'] })
    toast(text.deleted(bot.name))
  })
  return (
    <Section title={text.danger}>
      <Card className="flex flex-col gap-4">
        <Switch label={text.active} hint={change.error ?? text.activeHint} checked={bot.is_active} disabled={change.busy} onChange={() => void change.submit()} />
        <div><Button onClick={() => setAsking(true)} className="text-danger-ink">{common.delete}</Button></div>
      </Card>
      <Confirm open={asking} onClose={() => setAsking(false)} onConfirm={() => void remove.submit()} title={text.deleteTitle} about={text.deleteAbout} action={common.delete} name={bot.name} busy={remove.busy} error={remove.error} />
    </Section>
  )
}
