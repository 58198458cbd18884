/** Sign-up, verification, forgotten password, invitation. */
import { Button, buttonClass, Notice, TextField } from '@shopwright/ui'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { api, read } from '../../api'
import { ProblemView } from '../../frame/problems'
import { useForm } from '../../frame/useForm'
import { useLanguage, useText } from '../../i18n'
import { session } from '../../session'
import { Loading } from '@shopwright/ui'
import { DoorCard } from './Door'
import { PasswordField } from './PasswordField'
import { Email } from './SignIn'

/** Links in mails carry their token after `#`, where no log keeps it, or after `?`. */
function useToken(): string {
  const { token } = useSearch({ strict: false }) as { token?: string }
  return token ?? new URLSearchParams(location.hash.slice(1)).get('token') ?? ''
}

function BackToSignIn() {
  return <Link to="/sign-in" className="underline underline-offset-4">{useText().auth.backToSignIn}</Link>
}

export function SignUp() {
  const { auth } = useText()
  const { language } = useLanguage()
  const [given, set] = useState({ name: '', tenant_name: '', email: '', password: '' })
  const [sent, setSent] = useState(false)
  const form = useForm(async () => {
    await api.POST('/v1/auth/sign-up', { body: { ...given, email: given.email.trim(), language } })
    setSent(true)
  }, Object.keys(given))
  if (session.methods && !session.methods.sign_up) return <DoorCard title={auth.signUpTitle} after={<BackToSignIn />}>{auth.noSignUp}</DoorCard>
  if (sent) return <CheckMail email={given.email} />
  return (
    <DoorCard title={auth.signUpTitle} about={auth.signUpAbout} after={<p>{auth.haveAccount} <Link to="/sign-in" className="font-medium text-accent-ink underline underline-offset-4">{auth.signIn}</Link></p>}>
      <form className="flex flex-col gap-4" onSubmit={(event) => void form.submit(event)}>
        <TextField label={auth.yourName} name="name" autoComplete="name" required maxLength={120} value={given.name} onChange={(event) => set({ ...given, name: event.target.value })} error={form.errorOf('name')} autoFocus />
        <TextField label={auth.shopName} hint={auth.shopHint} name="organization" autoComplete="organization" required maxLength={120} value={given.tenant_name} onChange={(event) => set({ ...given, tenant_name: event.target.value })} error={form.errorOf('tenant_name')} />
        <Email value={given.email} onChange={(email) => set({ ...given, email })} error={form.errorOf('email')} />
        <PasswordField fresh value={given.password} onChange={(password) => set({ ...given, password })} error={form.errorOf('password')} />
        {form.error && <p role="alert" className="text-danger-ink">{form.error}</p>}
        <Button look="primary" type="submit" busy={form.busy} className="w-full">{auth.signUp}</Button>
      </form>
    </DoorCard>
  )
}

function CheckMail({ email }: { email: string }) {
  const { auth } = useText()
  const [again, setAgain] = useState(false)
  const folder = session.methods?.mail.folder
  const form = useForm(async () => {
    await api.POST('/v1/auth/verify-email/resend', { body: { email } })
    setAgain(true)
  })
  return (
    <DoorCard title={folder ? auth.checkFolder : auth.checkMail} about={folder ? auth.checkFolderAbout(email) : auth.checkMailAbout(email)} after={<BackToSignIn />}>
      {folder && <Notice tone="info">{auth.mailFolder(folder)}</Notice>}
      {form.error && <p role="alert" className="text-danger-ink">{form.error}</p>}
      <Button onClick={() => void form.submit()} busy={form.busy} disabled={again}>{again ? auth.resent : auth.resend}</Button>
    </DoorCard>
  )
}

export function VerifyEmail() {
  const { auth } = useText()
  const token = useToken()
  const navigate = useNavigate()
  const [failed, setFailed] = useState(false)
  const asked = useRef(false)
  useEffect(() => {
    if (asked.current) return
    asked.current = true
    session.verifyEmail(token).then(() => navigate({ to: '/onboarding', replace: true }), () => setFailed(true))
  }, [token, navigate])
  if (!failed) return <DoorCard title={auth.verifying}><Loading label={auth.verifying} rows={2} /></DoorCard>
  return (
    <DoorCard title={auth.verifyFailed} about={auth.verifyFailedAbout}>
      <Link to="/sign-in" className={buttonClass('primary')}>{auth.signIn}</Link>
    </DoorCard>
  )
}

export function ForgotPassword() {
  const { auth } = useText()
  const [email, setEmail] = useState('')
  const [sent, setSent] = useState(false)
  const form = useForm(async () => {
    await api.POST('/v1/auth/password/forgot', { body: { email: email.trim() } })
    setSent(true)
  }, ['email'])
  return (
    <DoorCard title={auth.forgotTitle} about={auth.forgotAbout} after={<BackToSignIn />}>
      {sent ? (
        <>
          <Notice tone="success">{auth.forgotDone}</Notice>
          {session.methods?.mail.folder && <Notice tone="info">{auth.mailFolder(session.methods.mail.folder)}</Notice>}
        </>
      ) : (
        <form className="flex flex-col gap-4" onSubmit={(event) => void form.submit(event)}>
          <Email value={email} onChange={setEmail} error={form.errorOf('email')} />
          {form.error && <p role="alert" className="text-danger-ink">{form.error}</p>}
          <Button look="primary" type="submit" busy={form.busy} className="w-full">{auth.sendLink}</Button>
        </form>
      )}
    </DoorCard>
  )
}

export function ResetPassword() {
  const { auth } = useText()
  const token = useToken()
  const navigate = useNavigate()
  const [password, setPassword] = useState('')
  const form = useForm(async () => {
    await api.POST('/v1/auth/password/reset', { body: { token, password } })
    await navigate({ to: '/sign-in', search: { reset: '1' }, replace: true })
  }, ['password'])
  return (
    <DoorCard title={auth.resetTitle} about={auth.resetAbout} after={<BackToSignIn />}>
      <form className="flex flex-col gap-4" onSubmit={(event) => void form.submit(event)}>
        <PasswordField fresh value={password} onChange={setPassword} error={form.errorOf('password')} />
        {form.error && <p role="alert" className="text-danger-ink">{form.error}</p>}
        <Button look="primary" type="submit" busy={form.busy} className="w-full">{auth.setPassword}</Button>
      </form>
    </DoorCard>
  )
}

export function Invitation() {
  const { auth, shops } = useText()
  const token = useToken()
  const navigate = useNavigate()
  const [given, set] = useState({ name: '', password: '' })
  const invitation = useQuery({ queryKey: ['invitation', token], retry: false, queryFn: () => read(api.GET('/v1/auth/invitations/{token}', { params: { path: { token } } })) })
  const form = useForm(async () => {
    await session.acceptInvitation(token, given.name, given.password)
    await navigate({ to: '/', replace: true })
  }, ['name', 'password'])
  if (invitation.error) return <DoorCard title={auth.verifyFailed} after={<BackToSignIn />}><ProblemView error={invitation.error} /></DoorCard>
  if (!invitation.data) return <DoorCard title={auth.verifying}><Loading label={auth.verifying} rows={2} /></DoorCard>
  const { tenant_name, email, role, elsewhere } = invitation.data
  return (
    <DoorCard title={auth.invitationTitle(tenant_name)} about={auth.invitationAbout(email, auth.roles[role] ?? role)} after={<BackToSignIn />}>
      <form className="flex flex-col gap-4" onSubmit={(event) => void form.submit(event)}>
        <TextField label={auth.yourName} name="name" autoComplete="name" required maxLength={120} value={given.name} onChange={(event) => set({ ...given, name: event.target.value })} error={form.errorOf('name')} autoFocus />
        {elsewhere && <Notice tone="info">{shops.elsewhere}</Notice>}
        <PasswordField fresh value={given.password} onChange={(password) => set({ ...given, password })} error={form.errorOf('password')} />
        {form.error && <p role="alert" className="text-danger-ink">{form.error}</p>}
        <Button look="primary" type="submit" busy={form.busy} className="w-full">{auth.join}</Button>
      </form>
    </DoorCard>
  )
}
