import { counter } from '../format'

const count = counter('en')

export const home = {
  title: 'Home',
  hello: (name: string) => (name ? `Hello, ${name}` : 'Hello'),
  about: 'What your bots did this week, and what would help them most.',
  resume: 'Go on with setting up your bot',
  resumeAbout: 'You have not finished yet. Everything you entered is still there.',
  week: 'This week',
  conversations: 'Conversations',
  answered: 'Answered',
  declined: 'Not answered',
  refused: 'Refused',
  handoff: 'Handed over',
  rated: 'Rated',
  ratings: (up: number, down: number) => `${up} good, ${down} bad`,
  nothingYet: 'No customer has written yet. Try the bot yourself, or put it on your page.',
  unanswered: 'It could not answer',
  unansweredAbout: 'Questions of your customers that your documents do not cover.',
  unansweredNone: 'Nothing was left unanswered this week.',
  answerIt: 'Add the answer',
  next: 'What to do next',
  nextNone: 'Nothing to do. Your bot is well set up.',
  top: 'Documents it answers from most',
  cited: (n: number) => count(n, { one: 'cited once', other: 'cited # times' }),
  liveNow: (revision: number) => `Live as revision ${revision}`,
  notLive: 'Not public yet',
  off: 'Switched off',
  fromReadiness: 'Checks before going live that are still red',
}
