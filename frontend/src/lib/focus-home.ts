const headings = 'h1, h2, h3'

/**
 * Keeps the focus on the page. When what has it goes away (a window that closes, a row that was stopped, a button that
 * can be pressed no more), the focus goes to the heading of what stands there now, so that neither the next Tab nor a
 * screen reader starts again at the top. Returns what ends it.
 */
export function keepFocusHome(page: Document): () => void {
  let last: readonly Element[] = []
  const remember = ({ target }: FocusEvent): void => {
    if (target instanceof Element) last = ancestorsOf(target)
  }
  const look = (): void => {
    const [element] = last
    if (!element || (element.isConnected && !element.matches(':disabled'))) return
    if (page.activeElement && page.activeElement !== page.body) return
    const heading = homeOf(last.slice(1))
    last = []
    if (heading) focusHeading(heading)
  }
  const observer = new MutationObserver(look)
  page.addEventListener('focusin', remember)
  observer.observe(page.body, { childList: true, subtree: true, attributes: true, attributeFilter: ['disabled'] })
  return () => {
    page.removeEventListener('focusin', remember)
    observer.disconnect()
  }
}

/** Gives a heading the focus, for whoever moves by keys or listens; nothing jumps under a pointer. */
export function focusHeading(heading: HTMLElement): void {
  heading.tabIndex = -1
  heading.focus({ preventScroll: true })
  if (heading.matches(':focus-visible')) heading.scrollIntoView({ block: 'nearest' })
}

function ancestorsOf(element: Element): readonly Element[] {
  const parent = element.parentElement
  return parent ? [element, ...ancestorsOf(parent)] : [element]
}

/** The first heading of the nearest thing that still stands and has one. */
function homeOf(ancestors: readonly Element[]): HTMLElement | undefined {
  for (const ancestor of ancestors) {
    const heading = ancestor.isConnected ? ancestor.querySelector<HTMLElement>(headings) : null
    if (heading) return heading
  }
  return undefined
}
