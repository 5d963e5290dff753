import { open } from 'node:fs/promises'
import { command, flag } from '../command.ts'
import { identify } from '../files/identify.ts'
import { checkFile } from '../input.ts'

/** `sharewell inspect`. */
export const inspect = command({
  name: 'inspect',
  group: 'Files, without a network:',
  summary: 'Say what a file is: sealed, share, key, manifest ...',
  usage: '<file>',
  operands: { file: 'any file' },
  about:
    'Reads the file’s own description and prints it; it never prints a key, a plaintext or anything else that is ' +
    'secret. With --check it reads a sealed file or a share to its end and recomputes every digest.',
  examples: [
    ['sharewell inspect labs.json.sealed', 'What is this file?'],
    ['sharewell inspect --check labs.json.sealed.3.share', 'Is this share still whole?'],
  ],
  options: { check: flag('--check', 'read it all and recompute its digests') },
  async run({ args: [file = ''], options, terminal, signal }) {
    const { size } = await checkFile(file)
    const handle = await open(file)
    try {
      const found = await identify({ handle, file, size, check: options.check, terminal, signal })
      const lines = Object.entries(found).filter(([, value]) => value !== undefined)
      const width = Math.max(...lines.map(([name]) => words(name).length))
      const text = lines.map(([name, value]) => `${`${words(name)}:`.padEnd(width + 2)}${show(value)}`)
      terminal.result({ type: 'file', ...found }, text.join('\n'))
    } finally {
      await handle.close()
    }
  },
})

/** `sealedLength` as a person reads it: `sealed length`. */
function words(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
}

function show(value: unknown): string {
  return Array.isArray(value) ? value.join('\n  ') : String(value)
}
