import type { Schemas } from '@shopwright/api'
import { Button, CheckField } from '@shopwright/ui'
import { useState } from 'react'
import { api, queries, read } from '../../api'
import { deriveTheme } from '../../data/theme'
import { useForm } from '../../frame/useForm'
import { useText } from '../../i18n'
import { Preview } from '../bot/Look'
import { total } from '../knowledge/Datasets'
import { useDataset } from './KnowledgeStep'
import { StepFoot, StepHead, type StepProps } from './Onboarding'

export function CreateStep({ state, go }: StepProps) {
  const { onboarding: text, bot: words } = useText()
  const dataset = useDataset(state.dataset_id ?? '')
  const [isPublic, setPublic] = useState(true)
  const theme = state.theme ?? deriveTheme('#4150d0')
  const form = useForm(async () => {
    const bot = await read(api.POST('/v1/tenant/bots', { body: { name: state.name ?? '', is_public: isPublic, settings: { theme } } as unknown as Schemas['BotCreate'] }))
    if (state.dataset_id) await api.POST('/v1/tenant/bots/{bot_id}/datasets', { params: { path: { bot_id: bot.id } }, body: { dataset_id: state.dataset_id, is_active: true, priority: 1 } })
    void queries.invalidateQueries({ queryKey: ['bots'] })
    go({ step: 'done', bot_id: bot.id, theme: null })
  })
  return (
    <form className="flex flex-col gap-8" onSubmit={(event) => void form.submit(event)}>
      <StepHead title={text.createTitle} about={text.createAbout} />
      <div className="grid items-start gap-6 sm:grid-cols-2">
        <Preview name={state.name ?? ''} greeting={words.look.previewBot} theme={theme} scheme="light" />
        <div className="flex flex-col gap-4">
          <p className="text-lead font-medium">{state.name}</p>
          {dataset.data && <p>{text.found.collect(total(dataset.data))}</p>}
          <CheckField label={text.public} hint={words.live.publicHint} checked={isPublic} onChange={(event) => setPublic(event.target.checked)} />
        </div>
      </div>
      {form.error && <p role="alert" className="text-danger-ink">{form.error}</p>}
      <StepFoot back={() => go({ step: 'train' })}><Button look="primary" type="submit" busy={form.busy}>{text.create}</Button></StepFoot>
    </form>
  )
}
