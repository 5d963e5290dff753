/** Most items that one object may hold, itself and map keys included: the placement of 65,536 shares four times over. A
 * byte of CBOR becomes an item of hundreds of bytes in memory. */
export const mostItems = 2 ** 18

/** Whether the heads say more items than {@link mostItems}. It keeps nothing, and stops at what is no head. */
export function hasTooManyItems(bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  let items = 0
  for (let at = 0; at < bytes.length; items++) {
    if (items === mostItems) return true
    const head = bytes[at] as number
    const [major, short] = [head >> 5, head & 31]
    const wide = short < 24 ? 0 : 2 ** (short - 24)
    // Reserved and indefinite lengths, and a head that breaks off: the decoder refuses them where they stand.
    if (wide > 8 || at + 1 + wide > bytes.length) return false
    const isString = major === 2 || major === 3
    at += 1 + wide + (isString ? (lengthAt(view, at + 1, wide) ?? short) : 0)
  }
  return false
}

/** The big-endian number of 1, 2, 4 or 8 bytes; undefined for none. */
function lengthAt(view: DataView, at: number, wide: number): number | undefined {
  if (wide === 1) return view.getUint8(at)
  if (wide === 2) return view.getUint16(at)
  if (wide === 4) return view.getUint32(at)
  return wide === 8 ? Number(view.getBigUint64(at)) : undefined
}
