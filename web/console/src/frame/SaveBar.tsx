import { Button } from '@shopwright/ui'
import { useBlocker } from '@tanstack/react-router'
import { useState } from 'react'
import { useText } from '../i18n'
import type { FormState } from './useForm'

/** A copy of what the server has, to be changed and sent; what is typed survives a refusal. */
export function useDraft<T extends object>(initial: T) {
  const [base, setBase] = useState(initial)
  const [draft, setDraft] = useState(initial)
  const dirty = JSON.stringify(base) !== JSON.stringify(draft)
  return {
    draft,
    dirty,
    set: (part: Partial<T>) => setDraft((before) => ({ ...before, ...part })),
    reset: () => setDraft(base),
    saved: (now: T = draft) => {
      setBase(now)
      setDraft(now)
    },
  }
}

/** Stands at the bottom while something is unsaved, and holds back a page change that would lose it. */
export function SaveBar({ dirty, form, onDiscard }: { dirty: boolean; form: FormState; onDiscard: () => void }) {
  const { common } = useText()
  useBlocker({
    shouldBlockFn: ({ current, next }) => dirty && current.pathname !== next.pathname && !confirm(`${common.unsaved} ${common.discard}?`),
    enableBeforeUnload: dirty,
  })
  if (!dirty && !form.error) return null
  return (
    <div className="animate-rise sticky bottom-4 z-10 flex flex-wrap items-center gap-3 rounded-card bg-surface px-4 py-3 shadow-float max-md:bottom-[calc(68px+env(safe-area-inset-bottom))]">
      <p className="min-w-40 flex-1" role="status">
        {form.error ? <span role="alert" className="text-danger-ink">{form.error}</span> : common.unsaved}
      </p>
      <Button onClick={() => { onDiscard(); form.clear() }}>{common.discard}</Button>
      <Button look="primary" type="submit" busy={form.busy}>{common.save}</Button>
    </div>
  )
}
