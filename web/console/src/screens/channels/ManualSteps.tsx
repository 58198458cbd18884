/** What a person does on the platform's own pages, with what to paste there. */
import { CopyButton } from '@shopwright/ui'
import type { Deployment } from '../../data/channels'
import { useText } from '../../i18n'

/** The server stands this where a secret would be that somebody entered. */
const ENTERED = '(the secret you entered)'
const LONG = 200

export function ManualSteps({ deployment }: { deployment: Pick<Deployment, 'channel' | 'manual_steps'> }) {
  const { channels: text } = useText()
  const ours = text.steps[deployment.channel]
  const steps = deployment.manual_steps
  const words = (step: (typeof steps)[number], at: number) => (ours?.length === steps.length && ours[at]) || step.text
  return (
    <ol className="flex flex-col gap-4">
      {steps.map((step, at) => (
        <li key={at} className="grid grid-cols-[1.75rem_minmax(0,1fr)] gap-x-2">
          <span aria-hidden className="flex size-6 items-center justify-center rounded-pill bg-accent-soft text-small font-medium text-accent-ink">{at + 1}</span>
          <div className="flex min-w-0 flex-col gap-2 pt-0.5">
            <p>{words(step, at)}</p>
            {step.copy_text === ENTERED ? <p className="text-muted">{text.secret}</p> : step.copy_text && <Paste text={step.copy_text} label={`${at + 1}. ${words(step, at)}`} />}
          </div>
        </li>
      ))}
    </ol>
  )
}

function Paste({ text: pasted, label }: { text: string; label: string }) {
  const long = pasted.length > LONG || pasted.includes('\n')
  return (
    <div className="flex flex-wrap items-start gap-2">
      <pre tabIndex={0} role="region" aria-label={label} dir="ltr" className={`min-w-0 flex-1 basis-56 overflow-auto rounded-control border bg-sunk px-3 py-1.5 font-mono text-small break-all whitespace-pre-wrap ${long ? 'max-h-48' : ''}`}>{pasted}</pre>
      <CopyButton text={pasted} />
    </div>
  )
}
