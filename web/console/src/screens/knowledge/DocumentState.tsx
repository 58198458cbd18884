import { Status } from '@shopwright/ui'
import type { DocumentRead } from '../../data/knowledge'
import { useFormat, useText } from '../../i18n'

/** The stage of a document in words. */
export function DocumentState({ document }: { document: Pick<DocumentRead, 'status' | 'stage' | 'progress' | 'version'> }) {
  const { knowledge: text } = useText()
  const format = useFormat()
  if (document.status === 'completed') return <Status tone="success">{text.states.completed}</Status>
  if (document.status === 'failed') return <Status tone="danger">{text.states.failed}</Status>
  if (document.status === 'pending') return <Status tone="neutral">{text.states.pending}</Status>
  const stage = text.stages[document.stage ?? ''] ?? text.states.processing
  return <Status tone="info">{document.progress > 0 ? `${stage} · ${format.percent(document.progress)}` : stage}</Status>
}
