/** The bot on played platforms: its accounts there, what is said, and what the customer does. */
import type { Schemas } from '@shopwright/api'
import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { api, queries, read } from '../api'
import { listen } from './stream'

export type LabChannel = Schemas['LabChannelRead']
export type LabThread = Schemas['LabThread']
export type LabMessage = Schemas['LabMessage']
export type LabCard = Schemas['LabCard']
export type LabChoice = Schemas['LabChoice']
export type LabAct = Schemas['LabAct']
export type Run = Schemas['Run']
export type Fault = Schemas['Fault-Output']
export type ActKind = LabAct['kind']
export type Acted = Schemas['LabActed']

/** A platform of the lab where the bot has an account. */
export type Place = LabChannel & { deployment: NonNullable<LabChannel['deployment']> }
export const isThere = (channel: LabChannel): channel is Place => channel.deployment !== null

export const useLab = (botId: string) =>
  useQuery({ queryKey: ['lab', botId], queryFn: () => read(api.GET('/v1/tenant/bots/{bot_id}/lab', { params: { path: { bot_id: botId } } })) })

export const useLabThread = (deploymentId: string) =>
  useQuery({
    queryKey: ['lab-thread', deploymentId],
    queryFn: () => read(api.GET('/v1/tenant/lab/{deployment_id}/thread', { params: { path: { deployment_id: deploymentId } } })),
    // Nobody says so when typing ends without a message.
    refetchInterval: ({ state }) => (state.data?.typing ? 4000 : false),
  })

export async function begin(botId: string, channel: string): Promise<void> {
  await api.POST('/v1/tenant/bots/{bot_id}/lab', { params: { path: { bot_id: botId } }, body: { channel } })
  await queries.invalidateQueries({ queryKey: ['lab', botId] })
}

const NOTHING: Omit<LabAct, 'kind'> = { text: '', value: '', message_id: '', emoji: '', latitude: null, longitude: null, name: '' }
/** What a customer's phone would send with a place. */
export const OUR_PLACE = { latitude: 53.0793, longitude: 8.8017 }

export async function act(deploymentId: string, done: Partial<LabAct> & { kind: ActKind }): Promise<Acted> {
  const acted = await read(api.POST('/v1/tenant/lab/{deployment_id}/acts', { params: { path: { deployment_id: deploymentId } }, body: { ...NOTHING, ...done } }))
  await refreshThread(deploymentId)
  return acted
}

export async function renew(deploymentId: string): Promise<void> {
  await api.DELETE('/v1/tenant/lab/{deployment_id}/thread', { params: { path: { deployment_id: deploymentId } } })
  await refreshThread(deploymentId)
}

export async function plan(deploymentId: string, faults: Fault[]): Promise<void> {
  const thread = await read(api.PUT('/v1/tenant/lab/{deployment_id}/faults', { params: { path: { deployment_id: deploymentId } }, body: { faults } }))
  queries.setQueryData(['lab-thread', deploymentId], thread)
}

const refreshThread = (deploymentId: string) => queries.invalidateQueries({ queryKey: ['lab-thread', deploymentId] })

/** Reads again what changed in the bot's threads, as the lab says it. */
export function useLabEvents(botId: string, on: boolean): void {
  useEffect(() => {
    if (!on) return undefined
    const stop = new AbortController()
    void listen(
      `/v1/tenant/bots/${botId}/lab/events`,
      {
        onOpen: () => void queries.invalidateQueries({ queryKey: ['lab-thread'] }),
        onEvent: ({ event, data }) => {
          if (event === 'thread') void refreshThread((JSON.parse(data) as { deployment_id: string }).deployment_id)
        },
      },
      stop.signal,
    )
    return () => stop.abort()
  }, [botId, on])
}

/** Which platforms are looked at, as the address says it; what the lab does not have is left out. */
export function shownOf(on: string | undefined, channels: readonly LabChannel[]): LabChannel[] {
  const wanted = on === undefined ? channels.filter(isThere).map(({ channel }) => channel) : on.split(',')
  return channels.filter(({ channel }) => wanted.includes(channel))
}

export function toggled(shown: readonly LabChannel[], channel: string): string {
  const now = shown.map((one) => one.channel)
  return (now.includes(channel) ? now.filter((one) => one !== channel) : [...now, channel]).join(',')
}

/** Addresses that a customer's app would open; anything else stays text. */
export const safeUrl = (url: string): string | null => (/^(https?:\/\/|mailto:|tel:)/i.test(url) ? url : null)

/** A picture that this page may show: its policy lets in none of other servers. */
export function ownPicture(url: string, origin: string): string | null {
  try {
    const parsed = new URL(url, origin)
    return parsed.origin === origin && url !== '' ? parsed.href : null
  } catch {
    return null
  }
}

export const fileName = (url: string): string => {
  try {
    return decodeURIComponent(new URL(url, 'http://x').pathname.split('/').at(-1) ?? '') || url
  } catch {
    return url
  }
}

export const textOf = (message: Pick<LabMessage, 'lines'>): string => message.lines.map((line) => line.map(({ text }) => text).join('')).join('\n')

/** Answers to tap are offered by the last message only, as apps do it. */
export function offers(message: LabMessage, all: readonly LabMessage[]): boolean {
  if (message.deleted || message.choices.length === 0) return false
  return message.choices_style !== 'quick_replies' || all.findLast(({ kind }) => kind !== 'note')?.id === message.id
}

const WEBHOOKS = ['duplicate', 'reorder', 'delay', 'drop', 'oversized'] as const
const CALLS = ['rate_limited', 'server_error', 'timeout_after_accept', 'expired_token'] as const
export const FAULTS = { webhooks: WEBHOOKS, calls: CALLS } as const
const LASTING = new Set<Fault['kind']>(['reorder', 'delay', 'rate_limited', 'timeout_after_accept'])
export const lasts = (kind: Fault['kind']) => LASTING.has(kind)
/** Those that still happen: one that was for once is over after that. */
export const coming = (faults: readonly Fault[]) => faults.filter(({ count }) => count !== 0)
export const newFault = (kind: Fault['kind'], seed: number): Fault => ({ kind, rate: 1, count: null, seconds: lasts(kind) ? 5 : 0, seed })
