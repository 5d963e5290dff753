import { cleanup, createEvent, fireEvent, render, screen } from '@testing-library/react'
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { Dialog } from './dialog.tsx'

describe('a dialog', () => {
  afterEach(cleanup)
  beforeAll(() => {
    // jsdom draws no top layer; what matters here is that the native dialog is opened as a modal one.
    HTMLDialogElement.prototype.showModal ??= function (this: HTMLDialogElement) {
      this.open = true
    }
    HTMLDialogElement.prototype.close ??= function (this: HTMLDialogElement) {
      this.open = false
    }
    Element.prototype.scrollIntoView ??= () => undefined
  })

  it('is opened as a modal, named by its title', () => {
    const showModal = vi.spyOn(HTMLDialogElement.prototype, 'showModal')
    render(
      <Dialog title="Give access" onClose={() => undefined}>
        text
      </Dialog>,
    )
    expect(showModal).toHaveBeenCalledOnce()
    expect(screen.getByRole('dialog', { name: 'Give access' })).toBeTruthy()
    expect(document.activeElement).toBe(screen.getByRole('heading', { name: 'Give access' }))
    showModal.mockRestore()
  })

  it('leaves it to its owner to close it on Escape', () => {
    const onClose = vi.fn()
    render(
      <Dialog title="Give access" onClose={onClose}>
        text
      </Dialog>,
    )
    const dialog = screen.getByRole('dialog')
    const cancel = createEvent('cancel', dialog, { cancelable: true })
    fireEvent(dialog, cancel)
    expect(onClose).toHaveBeenCalledOnce()
    expect(cancel.defaultPrevented).toBe(true)
  })

  it('has a button to close it', () => {
    const onClose = vi.fn()
    render(
      <Dialog title="Give access" onClose={onClose}>
        text
      </Dialog>,
    )
    fireEvent.click(screen.getByRole('button', { name: 'Close' }))
    expect(onClose).toHaveBeenCalledOnce()
  })
})
