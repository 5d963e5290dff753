import { create } from 'qrcode'

/** A QR code as an SVG path: `size` modules wide, dark modules drawn row by row. */
export type QrPicture = { readonly size: number; readonly path: string }

/** Draws a text as a QR code in byte mode, at the lowest level of correction: a code on a screen gets no scratches. */
export function qrPicture(text: string): QrPicture {
  const { modules } = create([{ data: new TextEncoder().encode(text), mode: 'byte' }], { errorCorrectionLevel: 'L' })
  const { size, data } = modules
  const parts: string[] = []
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) if (data[row * size + column]) parts.push(`M${column} ${row}h1v1h-1z`)
  }
  return { size, path: parts.join('') }
}
