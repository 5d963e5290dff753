'use client'

import { useEffect } from 'react'
import { keepFocusHome } from '@/lib/focus-home.ts'

/** Keeps the focus on the page when what had it goes away. Draws nothing. */
export function FocusHome(): null {
  useEffect(() => keepFocusHome(document), [])
  return null
}
