import { Tooltip } from 'radix-ui'
import type { ReactNode } from 'react'

/** A word or two beside what the pointer or the focus is on. */
export function Hint({ text, children, side = 'bottom' }: { text: string; children: ReactNode; side?: 'bottom' | 'right' | 'top' }) {
  return (
    <Tooltip.Root>
      <Tooltip.Trigger asChild>{children}</Tooltip.Trigger>
      <Tooltip.Portal>
        <Tooltip.Content side={side} sideOffset={6} className="animate-appear z-50 max-w-72 rounded-control bg-ink px-2 py-1 text-small text-page shadow-float">
          {text}
        </Tooltip.Content>
      </Tooltip.Portal>
    </Tooltip.Root>
  )
}
export const HintProvider = Tooltip.Provider
