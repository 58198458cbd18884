/** Saying that two contacts are one person: find the other, see what happens, confirm. */
import { Button, Dialog, Loading, Notice, TextField, useToast } from '@shopwright/ui'
import { useDeferredValue, useState } from 'react'
import { api, read } from '../../api'
import { calledOf, keepContact, useContacts, type Contact, type ContactSummary } from '../../data/contacts'
import { useForm } from '../../frame/useForm'
import { useText } from '../../i18n'
import { Platforms } from './Platforms'

export function Merge({ contact, onClose }: { contact: Contact; onClose: () => void }) {
  const { contacts: text, common, ui } = useText()
  const toast = useToast()
  const [typed, setTyped] = useState('')
  const [other, choose] = useState<ContactSummary | null>(null)
  const q = useDeferredValue(typed.trim())
  const found = useContacts(q ? { q } : {})
  const rows = (found.data?.pages[0]?.items ?? []).filter(({ id }) => id !== contact.id).slice(0, 8)
  const named = (one: ContactSummary) => calledOf(one) || text.unnamed
  const form = useForm(async () => {
    keepContact(await read(api.POST('/v1/tenant/contacts/{contact_id}/merge', { params: { path: { contact_id: contact.id } }, body: { contact_id: other?.id ?? '' } })))
    toast(text.merged)
    onClose()
  })
  return (
    <Dialog open onClose={onClose} title={text.mergeTitle} about={text.mergeAbout}>
      <TextField label={text.mergeFind} type="search" maxLength={200} value={typed} onChange={(event) => { setTyped(event.target.value); choose(null) }} autoFocus />
      {!found.data && <Loading label={common.loading} rows={3} />}
      {found.data && rows.length === 0 && <p className="text-muted">{text.noneFound}</p>}
      {rows.length > 0 && (
        <div role="radiogroup" aria-label={text.mergeTitle} className="divide-y rounded-card border">
          {rows.map((row) => (
            <label key={row.id} className="flex min-h-11 cursor-pointer items-center gap-3 px-4 py-2 hover:bg-hover">
              <input type="radio" name="other" className="size-4 accent-accent" checked={other?.id === row.id} onChange={() => choose(row)} />
              <span className="min-w-0 flex-1"><span className="block truncate">{named(row)}</span><span className="block truncate text-small text-muted">{[row.email, row.phone].filter(Boolean).join(' · ')}</span></span>
              <Platforms channels={row.channels} />
            </label>
          ))}
        </div>
      )}
      {other && (
        <Notice tone="info">
          <p>{text.mergeInto(named(other), named(contact))}</p>
          {other.blocked !== contact.blocked && <p>{text.mergeBlocked}</p>}
        </Notice>
      )}
      {form.error && <p role="alert" className="text-danger-ink">{form.error}</p>}
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={onClose}>{ui.cancel}</Button>
        <Button look="primary" busy={form.busy} disabled={!other} onClick={() => void form.submit()}>{text.mergeButton}</Button>
      </div>
    </Dialog>
  )
}
