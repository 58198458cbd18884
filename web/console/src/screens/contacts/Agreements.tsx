/** What somebody agreed to, by purpose; taking it back is as easy as giving it. */
import { Button, Section, SelectField, Status } from '@shopwright/ui'
import { useRef, useState } from 'react'
import { api, read } from '../../api'
import { agreementsOf, keepContact, type Contact } from '../../data/contacts'
import { useForm } from '../../frame/useForm'
import { When } from '../../frame/When'
import { useText } from '../../i18n'

export function Agreements({ contact, may }: { contact: Contact; may: boolean }) {
  const { contacts: text } = useText()
  const all = agreementsOf(contact)
  const [purpose, setPurpose] = useState('')
  const wanted = useRef<[string, boolean]>(['', true])
  const form = useForm(async () => {
    const [name, given] = wanted.current
    const consent = { [name]: { given, source: text.source } }
    keepContact(await read(api.PATCH('/v1/tenant/contacts/{contact_id}', { params: { path: { contact_id: contact.id } }, body: { consent } })))
    setPurpose('')
  })
  const free = Object.entries(text.consents).filter(([name]) => !all.some(([known]) => known === name))
  const chosen = purpose || free[0]?.[0] || ''
  const set = (name: string, given: boolean) => {
    wanted.current = [name, given]
    void form.submit()
  }
  return (
    <Section title={text.consent} about={text.consentAbout}>
      {all.length === 0 && <p className="text-muted">{text.noConsent}</p>}
      {all.length > 0 && (
        <ul className="divide-y rounded-card border">
          {all.map(([name, said]) => (
            <li key={name} className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3">
              <span className="min-w-0 flex-1 basis-40">
                <span className="block">{text.consents[name] ?? name}</span>
                <span className="block text-small text-muted">{said.at && <When at={said.at} />}{said.source ? ` · ${said.source}` : ''}</span>
              </span>
              <Status tone={said.given ? 'success' : 'neutral'}>{said.given ? text.given : text.taken}</Status>
              {may && <Button small disabled={form.busy} onClick={() => set(name, !said.given)}>{said.given ? text.withdraw : text.record}</Button>}
            </li>
          ))}
        </ul>
      )}
      {may && free.length > 0 && (
        <div className="flex flex-wrap items-end gap-2">
          <div className="min-w-44"><SelectField label={text.addConsent} value={chosen} options={free.map(([value, label]) => ({ value, label }))} onChange={(event) => setPurpose(event.target.value)} /></div>
          <Button disabled={form.busy} onClick={() => set(chosen, true)}>{text.record}</Button>
        </div>
      )}
      {form.error && <p role="alert" className="text-danger-ink">{form.error}</p>}
    </Section>
  )
}
