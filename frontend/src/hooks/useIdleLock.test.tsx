import { cleanup, fireEvent, renderHook } from '@testing-library/react'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { useIdleLock } from './useIdleLock.ts'

describe('the idle lock', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => {
    cleanup()
    vi.useRealTimers()
  })

  it('locks once nobody touched the page for that long, and only then', () => {
    const lock = vi.fn()
    renderHook(() => useIdleLock(lock, 1_000))
    for (const touch of [() => fireEvent.pointerMove(window), () => fireEvent.keyDown(window)]) {
      vi.advanceTimersByTime(999)
      touch()
    }
    vi.advanceTimersByTime(999)
    expect(lock).not.toHaveBeenCalled()
    vi.advanceTimersByTime(1)
    expect(lock).toHaveBeenCalledOnce()
  })

  it('locks nothing where there is nothing to lock', () => {
    const lock = vi.fn()
    const { rerender } = renderHook(({ act }: { act: (() => void) | undefined }) => useIdleLock(act, 1_000), {
      initialProps: { act: lock as (() => void) | undefined },
    })
    rerender({ act: undefined })
    vi.advanceTimersByTime(5_000)
    expect(lock).not.toHaveBeenCalled()
  })
})
