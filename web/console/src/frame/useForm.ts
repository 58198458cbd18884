/** One way for all forms: what was typed stays, the refusal stands beside the field it names. */
import { Problem } from '@shopwright/api'
import { useCallback, useState, type FormEvent } from 'react'
import { useServerText } from '../i18n/server'
import { useSentence } from './problems'

export interface FormState {
  busy: boolean
  /** A refusal that belongs to no field on the page. */
  error: string | undefined
  errorOf: (field: string) => string | undefined
  submit: (event?: FormEvent) => Promise<void>
  clear: () => void
}

export function useForm(send: () => Promise<unknown>, fields: readonly string[] = []): FormState {
  const say = useSentence()
  const translate = useServerText()
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<unknown>()
  const errorOf = (field: string) => {
    const message = problem instanceof Problem ? problem.of(field) : undefined
    return message === undefined ? undefined : translate(message)
  }
  const named = fields.some((field) => errorOf(field))
  const clear = useCallback(() => setProblem(undefined), [])
  return {
    busy,
    error: problem === undefined || named ? undefined : say(problem),
    errorOf,
    clear,
    submit: async (event) => {
      event?.preventDefault()
      if (busy) return
      setBusy(true)
      setProblem(undefined)
      try {
        await send()
      } catch (error) {
        setProblem(error)
      } finally {
        setBusy(false)
      }
    },
  }
}
