import { decodeQr, type Pixels } from './qr-decode.ts'

type Detector = { detect: (image: ImageBitmapSource) => Promise<readonly { readonly rawValue: string }[]> }
type DetectorClass = new (options: { formats: readonly string[] }) => Detector

/** Reads the text of a QR code from a picture, by the browser's own detector where it has one. */
export async function readQrImage(file: Blob): Promise<string> {
  const image = await createImageBitmap(file)
  try {
    const { BarcodeDetector } = globalThis as { BarcodeDetector?: DetectorClass }
    if (BarcodeDetector) {
      const found = await new BarcodeDetector({ formats: ['qr_code'] }).detect(image).catch(() => [])
      if (found[0]?.rawValue) return found[0].rawValue
    }
    return decodeQr(pixelsOf(image))
  } finally {
    image.close()
  }
}

function pixelsOf(image: ImageBitmap): Pixels {
  const canvas = new OffscreenCanvas(image.width, image.height)
  const context = canvas.getContext('2d')
  if (!context) throw new Error('This browser cannot read pictures.')
  context.fillStyle = '#fff'
  context.fillRect(0, 0, image.width, image.height)
  context.drawImage(image, 0, 0)
  return context.getImageData(0, 0, image.width, image.height)
}
