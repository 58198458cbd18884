/** From nothing to a bot that answers, in five steps that can be left and taken up again. */
import type { Schemas } from '@shopwright/api'
import { Button, cx, useToast } from '@shopwright/ui'
import { useNavigate } from '@tanstack/react-router'
import { Check } from 'lucide-react'
import { FRESH, keepOnboarding, useOnboarding } from '../../data/onboarding'
import { PageTitle } from '../../frame/Page'
import { Loaded, useSentence } from '../../frame/problems'
import { useText } from '../../i18n'
import { CreateStep } from './CreateStep'
import { DoneStep } from './DoneStep'
import { IconStep } from './IconStep'
import { KnowledgeStep } from './KnowledgeStep'
import { TrainStep } from './TrainStep'

type State = Schemas['OnboardingRead']

const ORDER = ['icon', 'knowledge', 'train', 'create', 'done'] as const
export interface StepProps {
  state: State
  go: (part: Partial<State>) => void
}

export function Onboarding() {
  const state = useOnboarding()
  return <Loaded query={state}>{(data) => <Wizard state={data} />}</Loaded>
}

function Wizard({ state }: { state: State }) {
  const { onboarding: text } = useText()
  const navigate = useNavigate()
  const toast = useToast()
  const say = useSentence()
  // Somebody who has finished one bot begins with the next.
  const now = state.step === 'done' && !state.bot_id ? FRESH : state
  const at = ORDER.indexOf(now.step)
  const go = (part: Partial<State>) => void keepOnboarding({ ...now, ...part }).catch((error: unknown) => toast(say(error)))
  const Step = { icon: IconStep, knowledge: KnowledgeStep, train: TrainStep, create: CreateStep, done: DoneStep }[now.step]
  const leave = async () => {
    toast(text.kept)
    await navigate({ to: '/' })
  }
  return (
    <div className={cx('mx-auto flex w-full flex-col gap-8 px-4 py-6 md:px-8 md:py-8', now.step === 'done' ? 'max-w-6xl' : 'max-w-2xl')}>
      <title>{`${text.title} · Shopwright`}</title>
      <header className="flex flex-wrap items-center gap-4">
        <PageTitle quiet>{text.title}</PageTitle>
        <ol aria-label={text.step(at + 1, ORDER.length)} className="flex min-w-0 flex-1 gap-1.5">
          {ORDER.map((name, index) => (
            <li key={name} aria-current={index === at ? 'step' : undefined} className="flex min-w-0 flex-1 flex-col gap-1.5">
              <span className={cx('h-1 rounded-pill', index <= at ? 'bg-accent' : 'bg-line-strong')} />
              <span className={cx('flex items-center gap-1 truncate text-small', index === at ? 'font-medium text-accent-ink' : 'text-muted max-sm:sr-only')}>
                {index < at && <Check size={16} aria-hidden />} {text.steps[name]}
              </span>
            </li>
          ))}
        </ol>
        {now.step !== 'done' && <Button small look="quiet" onClick={() => void leave()}>{text.leave}</Button>}
      </header>
      <Step key={now.step} state={now} go={go} />
    </div>
  )
}

export function StepHead({ title, about }: { title: string; about: string }) {
  return (
    <header>
      <h2 className="text-title md:text-display">{title}</h2>
      <p className="mt-2 text-muted">{about}</p>
    </header>
  )
}

export function StepFoot({ back, children }: { back?: () => void; children: React.ReactNode }) {
  const { onboarding: text } = useText()
  return (
    <footer className="flex items-center justify-between gap-3 border-t pt-4">
      {back ? <Button onClick={back}>{text.back}</Button> : <span />}
      {children}
    </footer>
  )
}
