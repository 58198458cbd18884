/** Files on their way: two at a time, each with its progress and its own refusal. */
import type { Schemas } from '@shopwright/api'
import { useMemo, useState } from 'react'
import { session } from '../session'

export interface Upload {
  id: string
  file: File
  state: 'waiting' | 'sending' | 'sent' | 'duplicate' | 'failed'
  progress: number
  error?: unknown
}
const AT_ONCE = 2

/** Sends what it is given; `change` hears of every step. */
export class Uploader {
  #queue: Upload[] = []
  #running = 0

  constructor(
    readonly datasetId: string,
    readonly change: (id: string, part: Partial<Upload>) => void,
    readonly onSent: () => void,
    readonly upload = session.upload.bind(session),
  ) {}

  add(uploads: readonly Upload[]): void {
    this.#queue.push(...uploads)
    while (this.#running < AT_ONCE && this.#queue.length > 0) void this.#send()
  }

  async #send(): Promise<void> {
    const next = this.#queue.shift()
    if (!next) return
    this.#running += 1
    this.change(next.id, { state: 'sending', progress: 0, error: undefined })
    const body = new FormData()
    body.append('files', next.file, next.file.name)
    try {
      const page = await this.upload(`/v1/tenant/datasets/${this.datasetId}/documents/upload`, body, (progress) => this.change(next.id, { progress }))
      const [document] = (page as { items?: Schemas['DocumentRead'][] }).items ?? []
      this.change(next.id, { state: document?.duplicate ? 'duplicate' : 'sent', progress: 1 })
    } catch (error) {
      this.change(next.id, { state: 'failed', error })
    }
    this.#running -= 1
    this.onSent()
    this.add([])
  }
}

export function useUploads(datasetId: string, onSent: () => void) {
  const [uploads, setUploads] = useState<Upload[]>([])
  const uploader = useMemo(
    () => new Uploader(datasetId, (id, part) => setUploads((all) => all.map((one) => (one.id === id ? { ...one, ...part } : one))), onSent),
    [datasetId, onSent],
  )
  return {
    uploads,
    add: (files: Iterable<File>) => {
      const fresh = [...files].map((file): Upload => ({ id: crypto.randomUUID(), file, state: 'waiting', progress: 0 }))
      setUploads((all) => [...all, ...fresh])
      uploader.add(fresh)
    },
    retry: (upload: Upload) => uploader.add([upload]),
    clear: () => setUploads([]),
  }
}
