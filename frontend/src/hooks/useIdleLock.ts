'use client'

import { useEffect } from 'react'

const signs = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart'] as const

/** Calls `lock` once nobody has touched the page for so many milliseconds; undefined while there is nothing to lock. */
export function useIdleLock(lock: (() => void) | undefined, milliseconds: number): void {
  useEffect(() => {
    if (!lock) return
    let timer = setTimeout(lock, milliseconds)
    const wake = (): void => {
      clearTimeout(timer)
      timer = setTimeout(lock, milliseconds)
    }
    for (const sign of signs) window.addEventListener(sign, wake, { passive: true })
    return () => {
      clearTimeout(timer)
      for (const sign of signs) window.removeEventListener(sign, wake)
    }
  }, [lock, milliseconds])
}
