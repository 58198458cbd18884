import { Hint } from '@shopwright/ui'
import { useFormat } from '../i18n'

/** A moment as people say it, with the exact one on hover. */
export function When({ at }: { at: string }) {
  const format = useFormat()
  return (
    <Hint text={format.dateTime(at)}>
      <time dateTime={at} className="whitespace-nowrap">
        {format.relative(at)}
      </time>
    </Hint>
  )
}
