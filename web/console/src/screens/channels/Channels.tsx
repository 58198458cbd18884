/** Bots on platforms: of the whole shop, or of one bot. */
import { Button, Empty, Section } from '@shopwright/ui'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { Plus, RadioTower } from 'lucide-react'
import { useBots, useMay } from '../../data/account'
import { byNeed, useDeployments } from '../../data/channels'
import { Page } from '../../frame/Page'
import { Loaded } from '../../frame/problems'
import { useText } from '../../i18n'
import { useBotId } from '../bot/BotFrame'
import { AddChannel } from './AddChannel'
import { ChannelCard } from './ChannelCard'
import { ChannelSheet } from './ChannelSheet'
import { ChannelTabs } from './ChannelTabs'
import { LetterList } from './LetterList'
import { NewKeys } from './NewKeys'
import { connectAtOnce, Setup } from './Setup'
import type { Open } from './standing'

/** What is open beside the list stands in the address. */
interface Search {
  add?: string
  bot?: string
  channel?: string
  open?: string
  setup?: string
  keys?: string
}

export function Channels() {
  const { channels: text } = useText()
  return (
    <>
      <ChannelTabs />
      <Board title={text.title} about={text.about} />
    </>
  )
}

export function BotChannels() {
  const botId = useBotId()
  const { channels: text } = useText()
  return <Board key={botId} botId={botId} title={text.title} about={text.botAbout} />
}

function Board({ botId, title, about }: { botId?: string; title: string; about: string }) {
  const { channels: text, letters } = useText()
  const may = useMay('bots')
  const bots = useBots()
  const deployments = useDeployments(botId)
  const navigate = useNavigate()
  const search = useSearch({ strict: false }) as Search
  const show = (next: Search, replace = false) => void navigate({ to: '.', search: next as never, resetScroll: false, replace })
  const close = () => show({})
  const open: Open = (what, { id }) => show({ [what]: id })
  const add = may && <Button look="primary" icon={<Plus size={16} aria-hidden />} onClick={() => show({ add: '1' })}>{text.add}</Button>
  return (
    <Page title={title} about={about} actions={deployments.data?.length ? add : undefined}>
      <Loaded query={deployments}>
        {(all) =>
          all.length === 0 ? (
            <Empty icon={RadioTower} title={text.emptyTitle} action={add}>{text.empty}</Empty>
          ) : (
            <ul className="grid gap-4 md:grid-cols-2">
              {byNeed(all).map((deployment) => (
                <li key={deployment.id} className="min-w-0"><ChannelCard deployment={deployment} bot={botId ? undefined : bots.data?.find(({ id }) => id === deployment.bot_id)} open={open} /></li>
              ))}
            </ul>
          )
        }
      </Loaded>
      {botId && deployments.data?.some(({ dead_letters }) => dead_letters > 0) && (
        <Section title={letters.title} about={letters.about}><LetterList filters={{ bot_id: botId }} quiet /></Section>
      )}
      {search.add && may && (
        <AddChannel
          botId={botId} chosen={{ bot: search.bot, channel: search.channel }} onClose={close}
          onChoose={(chosen) => show({ add: '1', ...chosen }, true)}
          onMade={({ id, reason }) => {
            if (reason !== 'no_keys') connectAtOnce(id)
            show({ setup: id }, true)
          }}
        />
      )}
      {search.setup && <Setup key={search.setup} id={search.setup} open={open} onClose={close} />}
      {search.keys && <NewKeys key={search.keys} id={search.keys} onClose={close} onDone={({ id, status }) => show(status === 'connected' ? {} : { setup: id })} />}
      <ChannelSheet id={search.open} open={open} onClose={close} />
    </Page>
  )
}
