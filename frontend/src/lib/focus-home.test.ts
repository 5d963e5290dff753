import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { keepFocusHome } from './focus-home.ts'

const page = `<main>
  <h1>Page</h1>
  <section id="who"><h2>Who can see my data</h2><ul><li><button id="stop">Stop sharing</button></li></ul></section>
  <section id="form"><h2>Ask</h2><button id="ask">Ask</button></section>
</main>`

const changed = (): Promise<void> => new Promise((resolve) => setTimeout(resolve))
const at = (selector: string): HTMLElement => {
  const found = document.querySelector<HTMLElement>(selector)
  if (!found) throw new Error(`No ${selector}`)
  return found
}

describe('the home of the focus', () => {
  let stop: () => void
  // jsdom lays nothing out, so nothing scrolls.
  beforeAll(() => {
    Element.prototype.scrollIntoView ??= () => undefined
  })
  beforeEach(() => {
    document.body.innerHTML = page
    stop = keepFocusHome(document)
  })
  afterEach(() => stop())

  it('is the heading of what stands there, when a row goes away', async () => {
    at('#stop').focus()
    at('li').remove()
    await changed()
    expect(document.activeElement).toBe(at('#who h2'))
  })

  it('is the heading of what takes the place of a whole part of the page', async () => {
    at('#ask').focus()
    at('#form').outerHTML = ''
    await changed()
    expect(document.activeElement).toBe(at('h1'))
  })

  it('is the heading beside a button that can be pressed no more', async () => {
    at('#ask').focus()
    at('#ask').setAttribute('disabled', '')
    at('#ask').blur()
    await changed()
    expect(document.activeElement).toBe(at('#form h2'))
  })

  it('does not take the focus from where somebody went', async () => {
    at('#stop').focus()
    at('#ask').focus()
    at('li').remove()
    await changed()
    expect(document.activeElement).toBe(at('#ask'))
  })
})
