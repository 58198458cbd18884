import type { Theme } from '@shopwright/api'
import { Button, TextField } from '@shopwright/ui'
import { useState } from 'react'
import { deriveTheme } from '../../data/theme'
import { useForm } from '../../frame/useForm'
import { useText } from '../../i18n'
import { IconPicker, Preview } from '../bot/Look'
import { createDataset } from '../knowledge/Datasets'
import { StepFoot, StepHead, type StepProps } from './Onboarding'

export function IconStep({ state, go }: StepProps) {
  const { onboarding: text, bot } = useText()
  const [name, setName] = useState(state.name ?? '')
  const [theme, setTheme] = useState<Theme>(state.theme ?? deriveTheme('#4150d0'))
  const form = useForm(async () => {
    const dataset_id = state.dataset_id ?? (await createDataset(name.trim())).id
    go({ step: 'knowledge', name: name.trim(), icon_id: theme.icon_id, theme, dataset_id })
  }, ['name'])
  const typed = () => name.trim() && name.trim() !== state.name && go({ name: name.trim() })
  const choose = (next: Theme) => {
    setTheme(next)
    go({ name: name.trim() || null, icon_id: next.icon_id, theme: next })
  }
  return (
    <form className="flex flex-col gap-8" onSubmit={(event) => void form.submit(event)}>
      <StepHead title={text.iconTitle} about={text.iconAbout} />
      <TextField label={text.name} placeholder={text.nameExample} required maxLength={120} value={name} onChange={(event) => setName(event.target.value)} onBlur={typed} error={form.errorOf('name') ?? form.error} autoFocus />
      <IconPicker iconId={theme.icon_id} onTheme={choose} />
      <div className="grid gap-4 sm:grid-cols-2">
        <Preview name={name || text.nameExample} greeting={bot.look.previewBot} theme={theme} scheme="light" />
        <Preview name={name || text.nameExample} greeting={bot.look.previewBot} theme={theme} scheme="dark" />
      </div>
      <StepFoot><Button look="primary" type="submit" busy={form.busy} disabled={!name.trim()}>{text.next}</Button></StepFoot>
    </form>
  )
}
