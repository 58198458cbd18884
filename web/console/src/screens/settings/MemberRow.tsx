/** One member of the team: role, a lost second step, leaving. */
import type { Schemas } from '@shopwright/api'
import { Chip, Confirm, IconButton, Menu, MenuItem, SelectField, useToast } from '@shopwright/ui'
import { MoreVertical, ShieldOff, UserMinus } from 'lucide-react'
import { useState } from 'react'
import { api, queries } from '../../api'
import { useMe } from '../../data/account'
import { useSentence } from '../../frame/problems'
import { useForm } from '../../frame/useForm'
import { useText } from '../../i18n'

type Role = Schemas['Role']
type Member = Schemas['MemberRead']

export function useRoleOptions() {
  const { settings: { team: text } } = useText()
  return Object.entries(text.roles).map(([value, label]) => ({ value, label }))
}

const refresh = () => queries.invalidateQueries({ queryKey: ['members'] })

export function MemberRow({ member, may }: { member: Member; may: boolean }) {
  const { settings: { team: text } } = useText()
  const toast = useToast()
  const say = useSentence()
  const me = useMe()
  const roles = useRoleOptions()
  const [asking, setAsking] = useState<'remove' | 'factor' | null>(null)
  const self = me.data?.id === member.id || me.data?.email === member.email
  const name = member.name || member.email
  const path = { params: { path: { member_id: member.id } } }
  const done = async (words: string) => {
    setAsking(null)
    toast(words)
    await refresh()
  }
  const remove = useForm(async () => {
    await api.DELETE('/v1/tenant/members/{member_id}', path)
    await done(text.removed(name))
  })
  const factorOff = useForm(async () => {
    await api.DELETE('/v1/tenant/members/{member_id}/two-factor', path)
    await done(text.factorDone(name))
  })
  // Only an owner takes anything from an owner.
  const over = member.role !== 'owner' || me.data?.role === 'owner'
  const close = () => setAsking(null)
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3">
      <span className="min-w-0 flex-1 basis-48">
        <span className="block truncate font-medium">{name} {self && <span className="font-normal text-muted">({text.you})</span>}</span>
        <span className="block truncate text-small text-muted">{member.email}</span>
      </span>
      {!member.is_active && <Chip tone="warning">{text.inactive}</Chip>}
      {member.two_factor && <Chip>{text.factor}</Chip>}
      {may && !self && over ? (
        <>
          <SelectField quiet label={`${text.role}: ${name}`} value={member.role} options={roles} onChange={(event) => void api.PATCH('/v1/tenant/members/{member_id}', { ...path, body: { role: event.target.value as Role } }).then(refresh, (error: unknown) => toast(say(error)))} />
          <Menu label={text.more(name)} trigger={<IconButton label={text.more(name)}><MoreVertical size={20} aria-hidden /></IconButton>}>
            {member.two_factor && <MenuItem icon={<ShieldOff size={16} aria-hidden />} onSelect={() => setAsking('factor')}>{text.factorOff}</MenuItem>}
            <MenuItem danger icon={<UserMinus size={16} aria-hidden />} onSelect={() => setAsking('remove')}>{text.remove}</MenuItem>
          </Menu>
        </>
      ) : (
        <Chip>{text.roles[member.role]}</Chip>
      )}
      <Confirm open={asking === 'remove'} onClose={close} onConfirm={() => void remove.submit()} title={text.removeTitle} about={text.removeAbout} action={text.remove} name={member.email} busy={remove.busy} error={remove.error} />
      <Confirm open={asking === 'factor'} onClose={close} onConfirm={() => void factorOff.submit()} title={text.factorTitle} about={text.factorAbout} action={text.factorOff} name={member.email} busy={factorOff.busy} error={factorOff.error} />
    </div>
  )
}
