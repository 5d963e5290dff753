import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { encodeFaultFile } from '@sharewell/sdk/place'
import { expect } from 'chai'
import { type Lies, tellLies } from '../helpers/fault-files.ts'
import { newAccount, paperNetwork } from '../helpers/parties.ts'
import { openSession } from './transcript.ts'

type Session = Awaited<ReturnType<typeof openSession>>

describe('sharewell fault verify, without a network', function () {
  this.timeout(120_000)
  let session: Session
  let lies: Lies
  before(async () => {
    session = await openSession()
    lies = await tellLies(paperNetwork())
    for (const [name, file] of Object.entries({ ...lies.file, slander: lies.truth.share }))
      await writeFile(path.join(session.folder, `${name}.json`), encodeFaultFile(file))
  })
  after(() => session.close())

  it('says who is convicted of what', async () => {
    const share = await session.run('sharewell fault verify share.json')
    expect(share.code).to.equal(0)
    expect(share.stdout).to.contain('convicted  a storage node lied').and.contain(lies.liar.operator)
    expect(share.stdout)
      .to.contain('signed other bytes than those of chunk 1 of share 0')
      .and.contain(lies.record.recordId)
    expect(share.stderr).to.contain('is for --network to say')
    const upload = JSON.parse((await session.run('sharewell fault verify upload.json --json -q')).stdout)
    expect(upload).to.include({ type: 'fault', kind: 'upload', account: lies.uploader, i: 1, onChain: false })
    expect(upload.shares).to.deep.equal([0, 1, 2])
  })

  it('refuses slander, an account that did not sign, and what is no proof', async () => {
    const slander = await session.run('sharewell fault verify slander.json')
    expect(slander.code).to.equal(1)
    expect(slander.stdout).to.equal('')
    expect(slander.stderr).to.contain('convicts nobody: the node signed the right digest')
    const other = await session.run(`sharewell fault verify frame.json --account ${newAccount().address}`)
    expect([other.code, other.stderr]).to.satisfy(
      ([code, text]: [number, string]) => code === 1 && /did not sign/.test(text),
    )
    const none = await session.run('echo {} | sharewell fault verify -')
    expect([none.code, none.stderr]).to.satisfy(
      ([code, text]: [number, string]) => code === 1 && /no fault proof/.test(text),
    )
    expect((await session.run('sharewell fault verify share.json --account 7')).code).to.equal(2)
  })
})
