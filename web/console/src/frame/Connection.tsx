import { onlineManager, useQueryClient } from '@tanstack/react-query'
import { CloudOff } from 'lucide-react'
import { OFFLINE, Problem } from '@shopwright/api'
import { useEffect, useState, useSyncExternalStore } from 'react'
import { useText } from '../i18n'

/** Says that the browser or the server is away, and goes by itself. */
export function Connection() {
  const { errors } = useText()
  const online = useSyncExternalStore((listener) => onlineManager.subscribe(listener), () => onlineManager.isOnline())
  const away = useServerAway()
  if (online && !away) return null
  return (
    <p role="status" className="flex items-center justify-center gap-2 bg-warning-soft px-4 py-2 text-small text-warning-ink">
      <CloudOff size={16} aria-hidden className="shrink-0" />
      {online ? errors.away : errors.banner}
    </p>
  )
}

function useServerAway(): boolean {
  const client = useQueryClient()
  const [away, setAway] = useState(false)
  useEffect(
    () =>
      client.getQueryCache().subscribe(({ type, query }) => {
        if (type !== 'updated') return
        const { error, status, fetchFailureReason } = query.state
        const reason = error ?? fetchFailureReason
        if (reason instanceof Problem && reason.code === OFFLINE) setAway(true)
        else if (status === 'success' && !reason) setAway(false)
      }),
    [client],
  )
  return away
}
