import { vi } from 'vitest'

/** jsdom draws no dialogs and scrolls nowhere: they only open and close. */
export function drawDialogs(): void {
  HTMLElement.prototype.scrollIntoView = vi.fn()
  HTMLDialogElement.prototype.showModal = function showModal() {
    this.open = true
  }
  HTMLDialogElement.prototype.close = function close() {
    this.open = false
  }
}
