/** The shape of a turn's trace as the engine writes it; every part may be missing. */
export interface Trace {
  understood?: { language?: string | null; quick?: string | null }
  scope?: { action: string; reason: string; topic: string | null; score: number; signals: Record<string, number> }
  found?: { candidates: number; passages: TracePassage[] }
  composed?: { confidence: number; missing: string[]; answered: boolean }
  calls?: { provider?: string; model?: string; error?: string | null; ms?: number }[]
  checked?: { verdict: string; passage: number | null; reason: string | null; score: number; sentence?: string }[]
  spent?: { provider: string; model: string; prompt_tokens: number; completion_tokens: number; cost_minor: number; currency: string }
  timings_ms?: Record<string, number>
}
export interface TracePassage {
  document_id: string
  document_version: number
  title: string
  heading: string
  start: number
  end: number
  score: number
  signals: Record<string, number>
  text?: string
}

/** Times by the step an owner sees; what belongs to no step counts to the one before it. */
export function stepTimes(timings: Record<string, number> = {}): Record<'understood' | 'found' | 'written', number> {
  const sum = (...names: string[]) => names.reduce((total, name) => total + (timings[name] ?? 0), 0)
  return { understood: sum('load', 'understand', 'scope'), found: sum('find'), written: sum('write', 'first_text') }
}
