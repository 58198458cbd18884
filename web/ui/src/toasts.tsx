import { X } from 'lucide-react'
import { createContext, useCallback, useContext, useMemo, useRef, useState, type ReactNode } from 'react'
import { Button, IconButton } from './Button'
import { useUiText } from './words'

interface Toast {
  id: number
  text: string
  undo?: { label: string; run: () => void }
}
type Say = (text: string, undo?: Toast['undo']) => void

const SayContext = createContext<Say>(() => undefined)
const SHOWN_MS = 6000

/** Say something in passing: it is read out politely, stays some seconds, and can carry an undo. */
export const useToast = () => useContext(SayContext)

export function ToastProvider({ children }: { children: ReactNode }) {
  const words = useUiText()
  const [toasts, setToasts] = useState<Toast[]>([])
  const next = useRef(1)
  const drop = useCallback((id: number) => setToasts((all) => all.filter((one) => one.id !== id)), [])
  const say = useCallback<Say>(
    (text, undo) => {
      const id = next.current++
      setToasts((all) => [...all.slice(-2), { id, text, ...(undo ? { undo } : {}) }])
      setTimeout(() => drop(id), SHOWN_MS)
    },
    [drop],
  )
  return (
    <SayContext.Provider value={useMemo(() => say, [say])}>
      {children}
      <div role="status" aria-live="polite" className="pointer-events-none fixed inset-x-4 bottom-20 z-50 flex flex-col items-center gap-2 md:bottom-6">
        {toasts.map((toast) => (
          <div key={toast.id} className="animate-rise pointer-events-auto flex items-center gap-3 rounded-card bg-ink py-1.5 ps-4 pe-2 text-page shadow-float">
            <span>{toast.text}</span>
            {toast.undo && (
              <Button small look="quiet" className="text-page underline hover:bg-transparent hover:text-page" onClick={() => { toast.undo?.run(); drop(toast.id) }}>
                {toast.undo.label}
              </Button>
            )}
            <IconButton label={words.close} className="text-page hover:bg-transparent hover:text-page" onClick={() => drop(toast.id)}>
              <X size={16} aria-hidden />
            </IconButton>
          </div>
        ))}
      </div>
    </SayContext.Provider>
  )
}
