import type { Bytes } from '@sharewell/sdk/bytes'
import type { Input } from './input.ts'
import type { Terminal } from './terminal.ts'

/** The bytes of an input, drawn as a progress bar while they pass. */
export async function* watched(input: Input, terminal: Terminal, label: string): AsyncGenerator<Bytes> {
  const progress = terminal.progress(label, input.size)
  for await (const bytes of input.bytes) {
    yield bytes
    progress.add(bytes.length)
  }
  progress.end()
}
