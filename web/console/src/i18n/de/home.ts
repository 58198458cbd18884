import type { Catalogue } from '../en'
import { counter } from '../format'

const count = counter('de')

export const home: Catalogue['home'] = {
  title: 'Start',
  hello: (name) => (name ? `Hallo, ${name}` : 'Hallo'),
  about: 'Was Ihre Bots diese Woche getan haben und was ihnen am meisten hilft.',
  resume: 'Weiter beim Einrichten Ihres Bots',
  resumeAbout: 'Sie sind noch nicht fertig. Alles, was Sie eingegeben haben, ist noch da.',
  week: 'Diese Woche',
  conversations: 'Gespräche',
  answered: 'Beantwortet',
  declined: 'Nicht beantwortet',
  refused: 'Abgelehnt',
  handoff: 'Übergeben',
  rated: 'Bewertet',
  ratings: (up, down) => `${up} gut, ${down} schlecht`,
  nothingYet: 'Noch hat niemand geschrieben. Probieren Sie den Bot selbst aus, oder setzen Sie ihn auf Ihre Seite.',
  unanswered: 'Das konnte er nicht beantworten',
  unansweredAbout: 'Fragen Ihrer Kundschaft, auf die Ihre Dokumente keine Antwort haben.',
  unansweredNone: 'Diese Woche blieb nichts unbeantwortet.',
  answerIt: 'Antwort ergänzen',
  next: 'Was als Nächstes zu tun ist',
  nextNone: 'Nichts zu tun. Ihr Bot ist gut eingerichtet.',
  top: 'Daraus antwortet er am meisten',
  cited: (n) => count(n, { one: 'einmal zitiert', other: '#-mal zitiert' }),
  liveNow: (revision) => `Live als Stand ${revision}`,
  notLive: 'Noch nicht öffentlich',
  off: 'Abgeschaltet',
  fromReadiness: 'Prüfungen vor dem Start, die noch rot sind',
}
