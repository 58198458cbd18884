/** What was used, by day. */
import type { Schemas } from '@shopwright/api'
import { Empty, SelectField, TextField } from '@shopwright/ui'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { Gauge } from 'lucide-react'
import { api, read } from '../../api'
import { useBots } from '../../data/account'
import { Page } from '../../frame/Page'
import { Loaded } from '../../frame/problems'
import { useFormat, useText } from '../../i18n'

type UsageRead = Schemas['UsageRead']

interface Search {
  from?: string
  to?: string
  bot_id?: string
}

export function Usage() {
  const { settings: { usage: text, tabs } } = useText()
  const search = useSearch({ strict: false }) as Search
  const navigate = useNavigate()
  const bots = useBots()
  const query = Object.fromEntries(Object.entries({ from: search.from, to: search.to, bot_id: search.bot_id }).filter(([, value]) => value)) as Search
  const usage = useQuery({ queryKey: ['usage', query], retry: false, queryFn: () => read(api.GET('/v1/tenant/usage', { params: { query } })) })
  const show = (part: Search) => void navigate({ to: '.', search: (before: Search) => ({ ...before, ...part }), resetScroll: false })
  return (
    <Page title={tabs.usage} about={text.about}>
      <div className="flex flex-wrap items-end gap-3">
        <TextField label={text.from} type="date" value={search.from ?? ''} onChange={(event) => show({ from: event.target.value })} />
        <TextField label={text.to} type="date" value={search.to ?? ''} onChange={(event) => show({ to: event.target.value })} />
        <SelectField label={text.allBots} value={search.bot_id ?? ''} options={[{ value: '', label: text.allBots }, ...(bots.data ?? []).map(({ id, name }) => ({ value: id, label: name }))]} onChange={(event) => show({ bot_id: event.target.value })} />
      </div>
      <Loaded query={usage}>{(data) => (data.totals.turns === 0 ? <Empty icon={Gauge} title={text.none} /> : <Figures usage={data} />)}</Loaded>
    </Page>
  )
}

function Figures({ usage }: { usage: UsageRead }) {
  const { settings: { usage: text }, playground } = useText()
  const format = useFormat()
  const most = Math.max(...usage.days.map(({ turns }) => turns), 1)
  return (
    <>
      <figure aria-label={text.chart}>
        <div role="img" aria-label={`${text.chart}: ${usage.days.map(({ day, turns }) => `${format.day(day)} ${turns}`).join(', ')}`} className="flex h-32 items-end gap-1 border-b">
          {usage.days.map(({ day, turns }) => (
            <span key={day} title={`${format.date(day)}: ${format.number(turns)}`} className="min-w-1 max-w-10 flex-1 rounded-t-[3px] bg-accent" style={{ blockSize: `${Math.max((turns / most) * 100, turns ? 2 : 0)}%` }} />
          ))}
        </div>
        <figcaption className="mt-1 text-small text-muted">{text.chart}</figcaption>
      </figure>
      <div className="overflow-x-auto rounded-card border" tabIndex={0} role="region" aria-label={text.chart}>
        <table className="w-full text-end">
          <thead className="text-small text-muted">
            <tr className="border-b [&>th]:px-4 [&>th]:py-2 [&>th]:font-normal">
              <th scope="col" className="text-start">{text.day}</th><th scope="col">{text.turns}</th><th scope="col">{playground.outcomes['answered']}</th><th scope="col">{playground.outcomes['declined']}</th><th scope="col">{text.tokens}</th><th scope="col">{text.cost}</th>
            </tr>
          </thead>
          <tbody className="divide-y [&_td]:px-4 [&_td]:py-2">
            {usage.days.toReversed().map((day) => (
              <tr key={day.day}>
                <th scope="row" className="px-4 py-2 text-start font-normal whitespace-nowrap">{format.date(day.day)}</th>
                <td>{format.number(day.turns)}</td><td>{format.number(day.answered)}</td><td>{format.number(day.declined)}</td><td>{format.number(day.prompt_tokens + day.completion_tokens)}</td><td>{format.money(day.cost_minor, usage.currency)}</td>
              </tr>
            ))}
          </tbody>
          <tfoot className="border-t font-medium [&_td]:px-4 [&_td]:py-2">
            <tr>
              <th scope="row" className="px-4 py-2 text-start">{text.total}</th>
              <td>{format.number(usage.totals.turns)}</td><td>{format.number(usage.totals.answered)}</td><td>{format.number(usage.totals.declined)}</td><td>{format.number(usage.totals.prompt_tokens + usage.totals.completion_tokens)}</td><td>{format.money(usage.totals.cost_minor, usage.currency)}</td>
            </tr>
          </tfoot>
        </table>
      </div>
    </>
  )
}
