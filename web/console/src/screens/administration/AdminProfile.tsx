import { queries } from '../../api'
import { useAdminMe } from '../../data/administration'
import { Page } from '../../frame/Page'
import { useText } from '../../i18n'
import { Sessions } from '../settings/Sessions'
import { TwoFactor } from '../settings/TwoFactor'

export function AdminProfile() {
  const { frame } = useText()
  const me = useAdminMe()
  return (
    <Page title={frame.profile} about={me.data?.email}>
      <TwoFactor on={me.data?.two_factor} base="/admin/me" onChange={() => void queries.invalidateQueries({ queryKey: ['admin-me'] })} />
      <Sessions base="/admin/me" />
    </Page>
  )
}
