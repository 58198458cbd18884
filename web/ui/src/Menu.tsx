import { Check } from 'lucide-react'
import { DropdownMenu } from 'radix-ui'
import type { ReactNode } from 'react'

const ITEM =
  'flex min-h-9 cursor-pointer items-center gap-2 rounded-control px-2 outline-none select-none data-[highlighted]:bg-hover data-[disabled]:opacity-50 pointer-coarse:min-h-11'

export function Menu({ trigger, children, label, align = 'end' }: { trigger: ReactNode; children: ReactNode; label: string; align?: 'start' | 'end' }) {
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content align={align} sideOffset={6} collisionPadding={8} aria-label={label} className="animate-appear z-50 max-h-[70vh] min-w-56 overflow-y-auto rounded-card bg-surface p-1 shadow-float">
          {children}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  )
}

export function MenuItem({ icon, children, onSelect, danger, checked }: { icon?: ReactNode; children: ReactNode; onSelect: () => void; danger?: boolean; checked?: boolean }) {
  return (
    <DropdownMenu.Item className={`${ITEM} ${danger ? 'text-danger-ink' : ''}`} onSelect={onSelect}>
      {icon}
      <span className="flex-1">{children}</span>
      {checked && <Check size={16} aria-hidden />}
    </DropdownMenu.Item>
  )
}

export function MenuTitle({ children }: { children: ReactNode }) {
  return <DropdownMenu.Label className="px-2 pt-2 pb-1 text-small text-muted">{children}</DropdownMenu.Label>
}
export const MenuLine = () => <DropdownMenu.Separator className="my-1 h-px bg-line" />
