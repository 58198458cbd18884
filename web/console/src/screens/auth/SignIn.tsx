import { Button, buttonClass, Notice, TextField } from '@shopwright/ui'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useState, type FormEvent } from 'react'
import { useForm } from '../../frame/useForm'
import { useText } from '../../i18n'
import { session, type Realm } from '../../session'
import { DoorCard } from './Door'
import { ownPath } from './ownPath'
import { PasswordField } from './PasswordField'
import { challengeOf, choiceOf } from './proofs'
import { ShopChoice } from './ShopChoice'

export const SignIn = () => <SignInAs realm="member" />
export const AdminSignIn = () => <SignInAs realm="admin" />

function SignInAs({ realm }: { realm: Realm }) {
  const { auth } = useText()
  const { next: wanted, error, reset } = useSearch({ strict: false }) as { next?: string; error?: string; reset?: string }
  // A sign-in service brings somebody back with what is needed to go on, behind `#`: for a second factor, or for a choice.
  const [brought] = useState(() => new URLSearchParams(location.hash.slice(1)))
  const next = brought.get('next') ?? wanted
  const navigate = useNavigate()
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const [challenge, setChallenge] = useState(brought.get('challenge'))
  const [choice, setChoice] = useState(brought.get('choice'))
  const home = realm === 'admin' ? '/administration' : '/'
  const done = () => navigate({ href: ownPath(next, home), replace: true })
  const form = useForm(async () => {
    try {
      await session.signIn(realm, email.trim(), password)
    } catch (refusal) {
      const [asked, several] = [challengeOf(refusal), choiceOf(refusal)]
      if (asked === null && several === null) throw refusal
      setChallenge(asked)
      setChoice(several)
      return
    }
    await done()
  }, ['email', 'password'])

  const startOver = () => { setChallenge(null); setChoice(null) }
  if (challenge === null && choice !== null) return <ShopChoice choice={choice} onDone={done} onChallenge={setChallenge} onBack={startOver} />
  if (challenge !== null) return <SecondFactor realm={realm} challenge={challenge} onDone={done} onBack={startOver} />
  const methods = session.methods
  return (
    <DoorCard
      title={realm === 'admin' ? auth.adminSignIn : auth.signIn}
      about={realm === 'admin' ? auth.adminAbout : auth.signInAbout}
      after={
        realm === 'admin' ? (
          <Link to="/sign-in" className="underline underline-offset-4">{auth.memberInstead}</Link>
        ) : (
          <>
            {methods?.sign_up ? (
              <p>
                {auth.newHere} <Link to="/sign-up" className="font-medium text-accent-ink underline underline-offset-4">{auth.signUp}</Link>
              </p>
            ) : null}
            <Link to="/administration/sign-in" className="text-small text-muted underline underline-offset-4">{auth.adminInstead}</Link>
          </>
        )
      }
    >
      {session.expired && !error && <Notice tone="info">{auth.ended}</Notice>}
      {reset && <Notice tone="success">{auth.resetDone}</Notice>}
      {error && <Notice tone="danger">{auth.oidc[error] ?? auth.oidcFailed}</Notice>}
      <form className="flex flex-col gap-4" onSubmit={(event) => void form.submit(event)}>
        <Email value={email} onChange={setEmail} error={form.errorOf('email')} />
        <PasswordField value={password} onChange={setPassword} error={form.errorOf('password')} />
        {form.error && <p role="alert" className="text-danger-ink">{form.error}</p>}
        <Button look="primary" type="submit" busy={form.busy} className="w-full">{auth.signIn}</Button>
        {realm === 'member' && methods && (
          <Link to="/forgot-password" className="self-center py-1 text-small underline underline-offset-4">{auth.forgot}</Link>
        )}
      </form>
      {realm === 'member' && Boolean(methods?.oidc.length) && (
        <div className="flex flex-col gap-2">
          <p className="flex items-center gap-3 text-small text-muted before:h-px before:flex-1 before:bg-line after:h-px after:flex-1 after:bg-line">{auth.or}</p>
          {methods?.oidc.map(({ slug, name }) => (
            <a key={slug} href={`/v1/auth/oidc/${encodeURIComponent(slug)}/start?next=${encodeURIComponent(ownPath(next, '/'))}`} className={buttonClass('secondary')}>
              {auth.continueWith(name)}
            </a>
          ))}
        </div>
      )}
    </DoorCard>
  )
}

export function Email({ value, onChange, error }: { value: string; onChange: (value: string) => void; error?: string | undefined }) {
  const { common } = useText()
  return <TextField label={common.email} type="email" name="email" autoComplete="username" required maxLength={254} value={value} onChange={(event) => onChange(event.target.value)} error={error} autoFocus />
}

function SecondFactor({ realm, challenge, onDone, onBack }: { realm: Realm; challenge: string; onDone: () => Promise<void>; onBack: () => void }) {
  const { auth } = useText()
  const [code, setCode] = useState('')
  const form = useForm(async () => {
    await session.secondFactor(realm, challenge, code.trim())
    await onDone()
  }, ['code'])
  return (
    <DoorCard title={auth.secondFactor} about={auth.secondFactorAbout} after={<button type="button" className="underline underline-offset-4" onClick={onBack}>{auth.startOver}</button>}>
      <form className="flex flex-col gap-4" onSubmit={(event: FormEvent) => void form.submit(event)}>
        <TextField label={auth.code} name="code" autoComplete="one-time-code" inputMode="text" required maxLength={40} value={code} onChange={(event) => setCode(event.target.value)} error={form.errorOf('code')} autoFocus className="font-mono tracking-widest" />
        {form.error && <p role="alert" className="text-danger-ink">{form.error}</p>}
        <Button look="primary" type="submit" busy={form.busy} className="w-full">{auth.confirm}</Button>
      </form>
      <details className="text-small text-muted">
        <summary className="cursor-pointer py-1">{auth.lostFactor}</summary>
        <p>{realm === 'admin' ? auth.lostFactorAdmin : auth.lostFactorMember}</p>
      </details>
    </DoorCard>
  )
}
