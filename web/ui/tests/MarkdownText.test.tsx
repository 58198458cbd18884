import { act } from 'react'
import { createRoot } from 'react-dom/client'
import { expect, it } from 'vitest'
import { MarkdownText } from '../src/MarkdownText'

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true })

it('marks of citations are drawn where they stand, and follow the text as it comes', () => {
  const box = document.createElement('div')
  const root = createRoot(box)
  const show = (text: string) => act(() => root.render(<MarkdownText text={text} citation={(number) => <button type="button">{number}</button>} />))
  show('It costs €4.90. [2]')
  expect(box.querySelector('p button')?.textContent).toBe('2')
  show('It costs €4.90. [2] And **more**. [3] <img src=x>')
  expect([...box.querySelectorAll('p button')].map((one) => one.textContent)).toEqual(['2', '3'])
  expect(box.querySelector('strong')?.textContent).toBe('more')
  expect(box.querySelector('img')).toBeNull()
  act(() => root.unmount())
})
