import { Button, Chip, Section, useToast } from '@shopwright/ui'
import { useQuery } from '@tanstack/react-query'
import { api, queries, read } from '../../api'
import { deviceName } from '../../data/devices'
import { Loaded, useSentence } from '../../frame/problems'
import { When } from '../../frame/When'
import { useText } from '../../i18n'
import type { Base } from './TwoFactor'

export function Sessions({ base }: { base: Base }) {
  const { settings: { profile: text } } = useText()
  const toast = useToast()
  const say = useSentence()
  const key = ['sessions', base]
  const list = `${base}/sessions` as '/v1/tenant/me/sessions'
  const sessions = useQuery({ queryKey: key, retry: false, queryFn: () => read(api.GET(list)) })
  const done = () => {
    toast(text.ended)
    void queries.invalidateQueries({ queryKey: key })
  }
  const failed = (error: unknown) => toast(say(error))
  const end = (id: string) => void api.DELETE(`${base}/sessions/{sign_in_id}` as '/v1/tenant/me/sessions/{sign_in_id}', { params: { path: { sign_in_id: id } } }).then(done, failed)
  return (
    <Section title={text.sessions} action={(sessions.data?.items.length ?? 0) > 1 && <Button small onClick={() => void api.DELETE(list).then(done, failed)}>{text.endOthers}</Button>}>
      <Loaded query={sessions} rows={2}>
        {({ items }) => (
          <ul className="divide-y rounded-card border">
            {items.map((one) => (
              <li key={one.id} className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3">
                <span className="min-w-0 flex-1 basis-48"><span className="block truncate" title={one.user_agent}>{deviceName(one.user_agent) || text.unknownDevice}</span><span className="text-small text-muted">{one.address} · {text.lastUsed} <When at={one.last_used_at} /></span></span>
                {one.current ? <Chip tone="accent">{text.thisOne}</Chip> : <Button small onClick={() => end(one.id)}>{text.end}</Button>}
              </li>
            ))}
          </ul>
        )}
      </Loaded>
    </Section>
  )
}
