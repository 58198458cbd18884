/** All messages of the shop that got stuck. */
import { SelectField } from '@shopwright/ui'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useBots } from '../../data/account'
import { useDeployments } from '../../data/channels'
import type { LetterFilters } from '../../data/letters'
import { Page } from '../../frame/Page'
import { useText } from '../../i18n'
import { ChannelTabs } from './ChannelTabs'
import { LetterList } from './LetterList'
import { usePlatformName } from './standing'

export function Letters() {
  const { letters: text } = useText()
  const { bot_id, deployment_id } = useSearch({ strict: false }) as LetterFilters
  const navigate = useNavigate()
  const filters = { ...(bot_id ? { bot_id } : {}), ...(deployment_id ? { deployment_id } : {}) }
  return (
    <>
      <ChannelTabs />
      <Page title={text.title} about={text.about}>
        <Filter filters={filters} onChange={(search) => void navigate({ to: '.', search: search as never, resetScroll: false })} />
        <LetterList filters={filters} />
      </Page>
    </>
  )
}

function Filter({ filters, onChange }: { filters: LetterFilters; onChange: (filters: LetterFilters) => void }) {
  const { letters: text, channels } = useText()
  const nameOf = usePlatformName()
  const bots = useBots()
  const deployments = useDeployments()
  const places = (deployments.data ?? []).map((one) => ({ value: one.id, label: `${nameOf(one)} · ${bots.data?.find(({ id }) => id === one.bot_id)?.name ?? ''}` }))
  const options = [{ value: '', label: text.allBots }, ...(bots.data ?? []).map(({ id, name }) => ({ value: `bot:${id}`, label: name })), ...places]
  if (places.length === 0) return null
  return (
    <SelectField
      label={channels.bot} quiet className="max-w-80" options={options} value={filters.deployment_id ?? (filters.bot_id ? `bot:${filters.bot_id}` : '')}
      onChange={({ target: { value } }) => onChange(value.startsWith('bot:') ? { bot_id: value.slice(4) } : value ? { deployment_id: value } : {})}
    />
  )
}
