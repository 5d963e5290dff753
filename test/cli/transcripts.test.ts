import { follow, openSession, transcriptsIn } from './transcript.ts'

const transcripts = await transcriptsIn('transcripts')

describe('sharewell on the command line', () => {
  for (const { name, file } of transcripts) {
    it(`follows the session ${name}`, async function () {
      this.timeout(120_000)
      const session = await openSession()
      try {
        await follow(file, session)
      } finally {
        await session.close()
      }
    })
  }
})
