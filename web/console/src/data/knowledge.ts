import type { Schemas } from '@shopwright/api'
import { useQuery } from '@tanstack/react-query'
import { api, read } from '../api'
import { at, readAll } from './account'

export type DatasetRead = Schemas['DatasetRead']
export type DocumentRead = Schemas['DocumentRead']

export const useDatasets = () =>
  useQuery({ queryKey: ['datasets'], queryFn: () => readAll((cursor) => read(api.GET('/v1/tenant/datasets', { params: { query: at(cursor) } }))) })

/** A citation names a document; this finds the dataset that holds it. */
export async function findDocument(documentId: string, datasets: readonly { id: string }[]): Promise<DocumentRead> {
  const tries = datasets.map(({ id }) =>
    read(api.GET('/v1/tenant/datasets/{dataset_id}/documents/{document_id}', { params: { path: { dataset_id: id, document_id: documentId } } })),
  )
  return Promise.any(tries).catch((error: AggregateError) => {
    throw error.errors[0] ?? error
  })
}

/** A document by its id alone, or by dataset when that is known. */
export function useDocument(documentId: string | undefined, datasetId?: string) {
  const datasets = useDatasets()
  return useQuery({
    queryKey: ['document', documentId],
    enabled: Boolean(documentId) && (Boolean(datasetId) || datasets.data !== undefined),
    retry: false,
    queryFn: () => findDocument(documentId ?? '', datasetId ? [{ id: datasetId }] : (datasets.data ?? [])),
  })
}
