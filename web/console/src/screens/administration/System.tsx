import type { Schemas } from '@shopwright/api'
import { Button, TextArea, useToast } from '@shopwright/ui'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { api, queries, read } from '../../api'
import { Page } from '../../frame/Page'
import { Loaded } from '../../frame/problems'
import { useForm } from '../../frame/useForm'
import { useText } from '../../i18n'

type Setting = Schemas['SystemSetting-Output']
const NAME = ['system-settings']

export function System() {
  const { administration: { system: text }, frame } = useText()
  const settings = useQuery({ queryKey: NAME, queryFn: () => read(api.GET('/admin/settings/system')) })
  return (
    <Page title={frame.system} about={text.about}>
      <Loaded query={settings}>
        {({ items }) => (items.length === 0 ? <p className="text-muted">{text.none}</p> : <ul className="divide-y rounded-card border">{items.map((one) => <li key={one.key} className="p-4"><Row setting={one} /></li>)}</ul>)}
      </Loaded>
    </Page>
  )
}

function Row({ setting }: { setting: Setting }) {
  const { administration: { system: text }, common } = useText()
  const toast = useToast()
  const first = JSON.stringify(setting.value, null, 2)
  const [typed, setTyped] = useState(first)
  const [wrong, setWrong] = useState(false)
  const form = useForm(async () => {
    let value: unknown
    try {
      value = JSON.parse(typed)
    } catch {
      setWrong(true)
      return
    }
    await api.POST('/admin/settings/system', { body: { key: setting.key, value: value as NonNullable<Setting['value']> } })
    await queries.invalidateQueries({ queryKey: NAME })
    toast(common.saved)
  })
  return (
    <form className="flex flex-col gap-2" onSubmit={(event) => void form.submit(event)}>
      <TextArea label={setting.key} rows={1} className="font-mono text-small!" value={typed} onChange={(event) => { setTyped(event.target.value); setWrong(false) }} error={wrong ? text.invalid : form.error} />
      {typed !== first && <div className="flex justify-end gap-2"><Button small onClick={() => setTyped(first)}>{common.discard}</Button><Button small look="primary" type="submit" busy={form.busy}>{common.save}</Button></div>}
    </form>
  )
}
