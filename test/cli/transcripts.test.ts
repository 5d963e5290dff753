import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { expect } from 'chai'
import { matches, openSession, readTranscript, written } from './transcript.ts'

const folder = path.join(import.meta.dirname, 'transcripts')
const files = (await readdir(folder)).filter((file) => file.endsWith('.txt')).toSorted()

describe('sharewell on the command line', () => {
  for (const file of files) {
    it(`follows the session ${path.basename(file, '.txt')}`, async function () {
      this.timeout(120_000)
      const { steps } = await readTranscript(path.join(folder, file))
      const session = await openSession()
      try {
        expect(steps).to.not.be.empty
        for (const { line, command, expected } of steps) {
          const actual = written(await session.run(command))
          if (!matches(actual, expected)) expect(actual, `${file}:${line}: ${command}`).to.equal(expected)
        }
      } finally {
        await session.close()
      }
    })
  }
})
