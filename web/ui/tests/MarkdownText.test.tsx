import { renderToStaticMarkup } from 'react-dom/server'
import { describe, expect, it } from 'vitest'
import { blocks, MarkdownText, safeAddress } from '../src/MarkdownText'

const html = (text: string) => renderToStaticMarkup(<MarkdownText text={text} citation={(number) => <sup>{number}</sup>} />)

describe('answers', () => {
  it('show markup that a document wrote as text', () => {
    for (const text of ['<script>alert(1)</script>', '<img src=x onerror=alert(1)>', '**<b onclick="x()">**', '`<svg/onload=alert(1)>`']) {
      expect(html(text)).not.toMatch(/<(script|img|svg|b )/)
    }
  })
  it('link only to http, https and mail', () => {
    for (const address of ['javascript:alert(1)', 'data:text/html,x', 'vbscript:x', ' javascript:alert(1)', 'java\nscript:alert(1)', '//evil.example']) {
      expect(safeAddress(address)).toBeNull()
      expect(html(`[go](${address})`)).not.toContain('href')
    }
    expect(html('[shop](https://shop.example/a)')).toContain('href="https://shop.example/a"')
    expect(safeAddress('mailto:help@shop.example')).toBe('mailto:help@shop.example')
  })
  it('never load pictures', () => {
    expect(html('![x](https://evil.example/p.png)')).not.toContain('<img')
  })
  it('draw citation marks where they stand', () => {
    expect(html('It costs €4.90. [2]')).toContain('<sup>2</sup>')
  })
  it('keep paragraphs and lists apart', () => {
    expect(blocks('One\nmore\n\n- a\n- b\n1. c').map(({ text, items }) => items ?? text)).toEqual(['One\nmore', ['a', 'b'], ['c']])
  })
})
