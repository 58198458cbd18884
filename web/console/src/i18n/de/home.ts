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
  steps: {
    add_knowledge: { title: 'Wissen hinzufügen', detail: 'Der Bot hat noch nichts, woraus er antworten kann. Geben Sie ihm Ihre Website, Dateien oder einen Text.' },
    mend_provider: { title: 'Den KI-Schlüssel prüfen', detail: 'Der KI-Anbieter hat den Schlüssel abgelehnt; der Bot zitiert deshalb nur seine Dokumente.' },
    mend_documents: { title: 'Nicht lesbare Dokumente ansehen', detail: 'Bei jedem steht, warum.' },
    switch_on: { title: 'Den Bot einschalten', detail: 'Solange er aus ist, antwortet er niemandem.' },
    answer_questions: { title: 'Beantworten, was er nicht konnte', detail: 'Auf manche Fragen dieser Woche steht nichts in Ihren Dokumenten.' },
    read_feedback: { title: 'Lesen, was nicht gefallen hat', detail: 'Manche Antworten wurden diese Woche schlecht bewertet.' },
    set_scope: { title: 'Sagen, worüber er reden darf', detail: 'Ohne Themen redet er über alles, was in seinen Dokumenten steht.' },
    set_domains: { title: 'Sagen, welche Websites ihn nutzen dürfen', detail: 'Zurzeit darf jede Seite diesen Bot zeigen.' },
    go_live: { title: 'Auf Ihre Website setzen', detail: 'Kopieren Sie eine Zeile in Ihre Seite.' },
  },
  top: 'Daraus antwortet er am meisten',
  cited: (n) => count(n, { one: 'einmal zitiert', other: '#-mal zitiert' }),
  liveNow: (revision) => `Live als Stand ${revision}`,
  notLive: 'Noch nicht öffentlich',
  off: 'Abgeschaltet',
}
