import type { ReactElement } from 'react'

/** The sign of Sharewell: shares on a circle around what they keep. */
export function Mark({ className = '' }: { className?: string }): ReactElement {
  return (
    <svg viewBox="0 0 32 32" aria-hidden className={className}>
      <rect width="32" height="32" rx="9" fill="#0b5f51" />
      <g fill="#eaf6f2">
        {[0, 72, 144, 216, 288].map((angle) => (
          <circle key={angle} cx="16" cy="6.6" r="2.6" transform={`rotate(${angle} 16 16)`} />
        ))}
      </g>
      <circle cx="16" cy="16" r="4" fill="#ffd38a" />
    </svg>
  )
}
