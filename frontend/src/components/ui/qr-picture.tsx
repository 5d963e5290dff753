import type { ReactElement } from 'react'
import type { QrPicture as Picture } from '@/lib/qr-draw.ts'

/** A QR code, black on white whatever the colours of the page; `label` is what it is called for those who do not see it. */
export function QrPicture({
  picture: { size, path },
  label,
  className,
}: {
  picture: Picture
  label: string
  className: string
}): ReactElement {
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`-4 -4 ${size + 8} ${size + 8}`}
      shapeRendering="crispEdges"
      className={`mx-auto w-full bg-white ${className}`}
    >
      <rect x="-4" y="-4" width={size + 8} height={size + 8} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  )
}
