import { Switch as RadixSwitch } from 'radix-ui'
import { useId, type ReactNode } from 'react'

export function Switch(props: { label: string; hint?: ReactNode; checked: boolean; disabled?: boolean; onChange: (checked: boolean) => void }) {
  const id = useId()
  return (
    <div className="flex items-start justify-between gap-4">
      <div className="min-w-0">
        <label htmlFor={id} className="font-medium">
          {props.label}
        </label>
        {props.hint && (
          <p id={`${id}-hint`} className="text-small text-muted">
            {props.hint}
          </p>
        )}
      </div>
      <RadixSwitch.Root
        id={id}
        checked={props.checked}
        disabled={props.disabled ?? false}
        onCheckedChange={props.onChange}
        aria-describedby={props.hint ? `${id}-hint` : undefined}
        className="relative h-6 w-10 shrink-0 rounded-pill border border-control bg-sunk transition-colors duration-[120ms] data-[state=checked]:border-accent data-[state=checked]:bg-accent"
      >
        <RadixSwitch.Thumb className="absolute start-[3px] top-[3px] size-4 rounded-pill bg-control transition-[inset-inline-start] duration-[120ms] data-[state=checked]:start-[19px] data-[state=checked]:bg-on-accent" />
      </RadixSwitch.Root>
    </div>
  )
}
