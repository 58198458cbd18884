/** The form of a platform, and what is stored for it, secrets as dots. */
import { TextField } from '@shopwright/ui'
import type { ChannelForm } from '../../data/channels'
import type { FormState } from '../../frame/useForm'
import { useText } from '../../i18n'

export function useFieldWords(): (channel: string, field: ChannelForm['fields'][number]) => { label: string; hint: string } {
  const { channels: text } = useText()
  return (channel, field) => text.fields[`${channel}.${field.name}`] ?? field
}

interface Props {
  shape: ChannelForm
  given: Record<string, string>
  onChange: (given: Record<string, string>) => void
  /** What is there already, as it may be shown: an empty field keeps it. */
  stored?: Record<string, string>
  form: FormState
}

export function KeyFields({ shape, given, onChange, stored, form }: Props) {
  const { channels: text, common } = useText()
  const words = useFieldWords()
  return shape.fields.map((field) => {
    const { label, hint } = words(shape.channel, field)
    const kept = stored?.[field.name]
    return (
      <TextField
        key={field.name} label={label} type={field.secret ? 'password' : 'text'} autoComplete="off" autoCapitalize="none" spellCheck={false} dir="ltr" maxLength={4000}
        required={field.required && !kept} {...(field.required ? {} : { optional: common.optional })} {...(field.pattern ? { pattern: field.pattern } : {})}
        {...(kept ? { placeholder: kept, hint: text.keep } : hint ? { hint } : {})}
        value={given[field.name] ?? ''} error={form.errorOf(field.name)} onChange={(event) => onChange({ ...given, [field.name]: event.target.value })}
      />
    )
  })
}

export function StoredKeys({ shape, fields }: { shape: ChannelForm | undefined; fields: Record<string, string> }) {
  const words = useFieldWords()
  return (
    <dl className="grid grid-cols-[minmax(7rem,auto)_1fr] gap-x-4 gap-y-1">
      {Object.entries(fields).map(([name, value]) => {
        const field = shape?.fields.find((one) => one.name === name)
        return (
          <div key={name} className="contents">
            <dt className="text-muted">{shape && field ? words(shape.channel, field).label : name}</dt>
            <dd dir="ltr" className="font-mono text-small break-all">{value}</dd>
          </div>
        )
      })}
    </dl>
  )
}

/** Where the keys are found, in a few lines. */
export function Guide({ channel }: { channel: string }) {
  const { channels: text } = useText()
  const lines = text.guides[channel]
  if (!lines) return null
  return (
    <details open className="rounded-card border bg-sunk px-4 py-3">
      <summary className="font-medium">{text.where}</summary>
      <ol className="mt-2 flex list-decimal flex-col gap-1 ps-5 text-ink-2">
        {lines.map((line) => <li key={line}>{line}</li>)}
      </ol>
    </details>
  )
}
