/**
 * Answers as React nodes: paragraphs, lists, bold, italics, code, links and citation marks. There is no HTML in between, so
 * nothing that a document, a visitor or a model writes can become markup. Links: http, https and mailto only.
 */
import { Fragment, type ReactNode } from 'react'

const INLINE = /(\*\*[^*\n]+\*\*|`[^`\n]+`|\*[^*\s][^*\n]*\*|\[\d{1,3}\](?!\()|\[[^\]\n]{1,300}\]\([^)\s]{1,2000}\))/g
const LINK = /^\[([^\]]+)\]\(([^)]+)\)$/

export function safeAddress(address: string): string | null {
  try {
    const url = new URL(address)
    return ['http:', 'https:', 'mailto:'].includes(url.protocol) ? url.href : null
  } catch {
    return null
  }
}

export interface MarkdownProps {
  text: string
  /** Draws the mark of a citation; without it marks stay text. */
  citation?: (number: number) => ReactNode
}

export function MarkdownText({ text, citation }: MarkdownProps) {
  return (
    <div className="flex flex-col gap-2 break-words">
      {blocks(text).map((block, at) =>
        block.items ? (
          block.ordered ? (
            <ol key={at} className="list-decimal ps-6">{block.items.map((item, row) => <li key={row}>{inline(item, citation)}</li>)}</ol>
          ) : (
            <ul key={at} className="list-disc ps-6">{block.items.map((item, row) => <li key={row}>{inline(item, citation)}</li>)}</ul>
          )
        ) : (
          <p key={at} className={block.heading ? 'font-medium' : undefined}>{lines(block.text, citation)}</p>
        ),
      )}
    </div>
  )
}

interface Block {
  text: string
  heading?: boolean
  ordered?: boolean
  items?: string[]
}

export function blocks(text: string): Block[] {
  const out: Block[] = []
  let fresh = true
  for (const line of text.replaceAll('\r\n', '\n').split('\n')) {
    const item = /^\s*(?:([-*•])|(\d{1,3})[.)])\s+(.*)$/.exec(line)
    const last = out.at(-1)
    if (!line.trim()) {
      fresh = true
      continue
    }
    if (item) {
      const ordered = item[2] !== undefined
      if (last?.items && last.ordered === ordered) last.items.push(item[3] ?? '')
      else out.push({ text: '', ordered, items: [item[3] ?? ''] })
    } else if (/^#{1,6}\s/.test(line)) out.push({ text: line.replace(/^#+\s+/, ''), heading: true })
    else if (fresh || !last || last.items || last.heading) out.push({ text: line })
    else last.text += `\n${line}`
    fresh = false
  }
  return out
}

function lines(text: string, citation: MarkdownProps['citation']): ReactNode {
  return text.split('\n').map((line, at) => (
    <Fragment key={at}>
      {at > 0 && <br />}
      {inline(line, citation)}
    </Fragment>
  ))
}

function inline(text: string, citation: MarkdownProps['citation']): ReactNode[] {
  return text.split(INLINE).map((part, at) => {
    if (at % 2 === 0) return part
    if (part.startsWith('**')) return <strong key={at} className="font-strong">{part.slice(2, -2)}</strong>
    if (part.startsWith('`')) return <code key={at} className="rounded bg-sunk px-1 font-mono text-small">{part.slice(1, -1)}</code>
    if (part.startsWith('*')) return <em key={at}>{part.slice(1, -1)}</em>
    const link = LINK.exec(part)
    if (!link) return citation ? <Fragment key={at}>{citation(Number(part.slice(1, -1)))}</Fragment> : part
    const address = safeAddress(link[2] ?? '')
    return address ? (
      <a key={at} href={address} target="_blank" rel="noopener noreferrer nofollow" className="text-accent-ink underline underline-offset-2">{link[1]}</a>
    ) : (
      part
    )
  })
}
