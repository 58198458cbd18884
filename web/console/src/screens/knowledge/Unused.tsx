import { Empty } from '@shopwright/ui'
import { useQuery } from '@tanstack/react-query'
import { CircleCheck, FileText } from 'lucide-react'
import { api, read } from '../../api'
import { Loaded } from '../../frame/problems'
import { useText } from '../../i18n'

export function Unused({ datasetId, onOpen }: { datasetId: string; onOpen: (id: string) => void }) {
  const { knowledge: text } = useText()
  const usage = useQuery({
    queryKey: ['usage-of-documents', datasetId],
    retry: false,
    queryFn: () => read(api.GET('/v1/tenant/datasets/{dataset_id}/documents/usage', { params: { path: { dataset_id: datasetId }, query: { unused: true, limit: 200 } } })),
  })
  return (
    <Loaded query={usage}>
      {({ items }) =>
        items.length === 0 ? (
          <Empty icon={CircleCheck} title={text.unusedNone} />
        ) : (
          <>
            <p className="text-muted">{text.unusedAbout}</p>
            <ul className="divide-y rounded-card border">
              {items.map((one) => (
                <li key={one.document_id}>
                  <button type="button" onClick={() => onOpen(one.document_id)} className="flex min-h-11 w-full items-center gap-3 px-4 py-2 text-start hover:bg-hover">
                    <FileText size={16} aria-hidden className="shrink-0 text-muted" /> <span className="truncate">{one.title}</span>
                  </button>
                </li>
              ))}
            </ul>
          </>
        )
      }
    </Loaded>
  )
}
