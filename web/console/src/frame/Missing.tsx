import { Button, buttonClass, Empty } from '@shopwright/ui'
import { Link } from '@tanstack/react-router'
import { Bug, SearchX } from 'lucide-react'
import { useText } from '../i18n'
import { PageTitle } from './Page'

export function Missing() {
  const { errors } = useText()
  return (
    <main className="p-6">
      <title>Shopwright</title>
      <PageTitle quiet>{errors.notFoundTitle}</PageTitle>
      <Empty icon={SearchX} title={errors.notFoundTitle} action={<Link to="/" className={buttonClass('primary')}>{errors.goHome}</Link>}>
        {errors.notFound}
      </Empty>
    </main>
  )
}

export function Broken() {
  const { errors } = useText()
  return (
    <main className="p-6">
      <Empty icon={Bug} title={errors.crashTitle} action={<Button look="primary" onClick={() => location.reload()}>{errors.reload}</Button>}>
        {errors.crash}
      </Empty>
    </main>
  )
}
