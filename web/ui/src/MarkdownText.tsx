/** Answers as the widget shows them: the same renderer, with citation marks that are React's. */
import { useLayoutEffect, useMemo, useRef, type ReactNode } from 'react'
import { createPortal } from 'react-dom'
import { renderMarkdown } from './markdown'

export interface MarkdownProps {
  text: string
  /** Draws the mark of a citation; without it marks stay text. */
  citation?: (number: number) => ReactNode
}

interface Drawn {
  nodes: ChildNode[]
  marks: { number: number; node: HTMLElement }[]
}

function draw(text: string, marked: boolean): Drawn {
  const marks: Drawn['marks'] = []
  const place = (number: number) => {
    const node = document.createElement('span')
    marks.push({ number, node })
    return node
  }
  return { nodes: [...renderMarkdown(text, marked ? { citation: place } : {}).childNodes], marks }
}

export function MarkdownText({ text, citation }: MarkdownProps) {
  const box = useRef<HTMLDivElement>(null)
  const marked = citation !== undefined
  const { nodes, marks } = useMemo(() => draw(text, marked), [text, marked])
  useLayoutEffect(() => box.current?.replaceChildren(...nodes), [nodes])
  return (
    <>
      <div ref={box} className="markdown" />
      {marks.map(({ number, node }, at) => createPortal(citation?.(number), node, String(at)))}
    </>
  )
}
