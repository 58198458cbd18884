import { useId, type InputHTMLAttributes, type ReactNode, type Ref, type SelectHTMLAttributes, type TextareaHTMLAttributes } from 'react'
import { cx } from './classes'

export interface FieldProps {
  label: string
  hint?: ReactNode
  error?: string | undefined
  optional?: string
  /** Hide the label for the eye; it stays for screen readers. */
  quiet?: boolean
}
interface Wired {
  id: string
  'aria-invalid': true | undefined
  'aria-describedby': string | undefined
}

/** A label, one control, a hint and an error that belongs to it. */
export function Field({ label, hint, error, optional, quiet, children }: FieldProps & { children: (wired: Wired) => ReactNode }) {
  const id = useId()
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ')
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <label htmlFor={id} className={quiet ? 'sr-only' : 'font-medium'}>
        {label}
        {optional && <span className="ms-2 text-small font-normal text-muted">{optional}</span>}
      </label>
      {children({ id, 'aria-invalid': error ? true : undefined, 'aria-describedby': described || undefined })}
      {hint && (
        <p id={`${id}-hint`} className="text-small text-muted">
          {hint}
        </p>
      )}
      {error && (
        <p id={`${id}-error`} className="text-small text-danger-ink">
          {error}
        </p>
      )}
    </div>
  )
}

const BOX =
  'w-full min-w-0 rounded-control border bg-surface px-3 text-base text-ink transition-colors duration-[120ms] disabled:bg-sunk disabled:text-muted pointer-coarse:text-lead'
const edge = (error?: string) => (error ? 'border-danger' : 'border-control hover:border-ink-2')

type InputProps = FieldProps & Omit<InputHTMLAttributes<HTMLInputElement>, 'id'> & { ref?: Ref<HTMLInputElement>; after?: ReactNode }

export function TextField({ label, hint, error, optional, quiet, className, after, ...rest }: InputProps) {
  return (
    <Field {...given({ label, hint, error, optional, quiet })}>
      {(wired) => (
        <div className="flex gap-2">
          <input {...wired} {...rest} className={cx(BOX, edge(error), 'min-h-9 py-1.5 pointer-coarse:min-h-11', className)} />
          {after}
        </div>
      )}
    </Field>
  )
}

type AreaProps = FieldProps & Omit<TextareaHTMLAttributes<HTMLTextAreaElement>, 'id'> & { ref?: Ref<HTMLTextAreaElement> }

export function TextArea({ label, hint, error, optional, quiet, className, rows = 4, ...rest }: AreaProps) {
  return (
    <Field {...given({ label, hint, error, optional, quiet })}>
      {(wired) => <textarea rows={rows} {...wired} {...rest} style={{ minBlockSize: `${rows * 1.5 + 1.2}em` }} className={cx(BOX, edge(error), 'field-sizing-content max-h-96 py-2', className)} />}
    </Field>
  )
}

type SelectProps = FieldProps & Omit<SelectHTMLAttributes<HTMLSelectElement>, 'id'> & { options: readonly { value: string; label: string }[] }

/** The platform's own list: it works with every keyboard, phone and reader. */
export function SelectField({ label, hint, error, optional, quiet, options, className, ...rest }: SelectProps) {
  return (
    <Field {...given({ label, hint, error, optional, quiet })}>
      {(wired) => (
        <select {...wired} {...rest} className={cx(BOX, edge(error), 'min-h-9 py-1.5 pe-8 pointer-coarse:min-h-11', className)}>
          {options.map(({ value, label: text }) => (
            <option key={value} value={value}>
              {text}
            </option>
          ))}
        </select>
      )}
    </Field>
  )
}

interface CheckProps extends Omit<InputHTMLAttributes<HTMLInputElement>, 'id' | 'type'> {
  label: ReactNode
  hint?: ReactNode
}

export function CheckField({ label, hint, className, ...rest }: CheckProps) {
  const id = useId()
  return (
    <div className={cx('flex items-start gap-3', className)}>
      <input id={id} type="checkbox" aria-describedby={hint ? `${id}-hint` : undefined} className="mt-0.5 size-4 shrink-0 accent-accent pointer-coarse:size-6" {...rest} />
      <div>
        <label htmlFor={id}>{label}</label>
        {hint && (
          <p id={`${id}-hint`} className="text-small text-muted">
            {hint}
          </p>
        )}
      </div>
    </div>
  )
}

function given(props: { [K in keyof FieldProps]: FieldProps[K] | undefined }): FieldProps {
  return Object.fromEntries(Object.entries(props).filter(([, value]) => value !== undefined)) as unknown as FieldProps
}
