import { PlatformIcon } from '../../frame/PlatformIcon'
import { usePlatformName } from '../channels/standing'

/** The platforms somebody writes on, as small signs. */
export function Platforms({ channels }: { channels: readonly string[] }) {
  const nameOf = usePlatformName()
  return (
    <span className="flex items-center gap-1.5 text-muted">
      {channels.map((channel) => (
        <span key={channel}><PlatformIcon channel={channel} size={16} /><span className="sr-only">{nameOf({ channel })}</span></span>
      ))}
    </span>
  )
}
