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

/** The code as a PNG for sharing: black on white, with the border that scanners want. */
export async function qrPng({ size, path }: QrPicture, scale = 6): Promise<Blob> {
  const side = (size + 8) * scale
  const canvas = new OffscreenCanvas(side, side)
  const context = canvas.getContext('2d')
  if (!context) throw new Error('This browser cannot draw pictures.')
  context.fillStyle = '#fff'
  context.fillRect(0, 0, side, side)
  context.scale(scale, scale)
  context.translate(4, 4)
  context.fillStyle = '#000'
  context.fill(new Path2D(path))
  return await canvas.convertToBlob({ type: 'image/png' })
}
