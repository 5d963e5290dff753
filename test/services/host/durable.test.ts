import { mkdir, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { isAside, writeDurably } from '@sharewell/host'
import { expect } from 'chai'
import { killedWhileNaming } from '../../helpers/killed.ts'

describe('a file that is written durably', () => {
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'sharewell-durable-'))
  })
  afterEach(() => rm(folder, { recursive: true }))

  it('is whole whoever writes last, in a folder that is made, and has the rights that it is given', async () => {
    const file = path.join(folder, 'new', 'note')
    const texts = Array.from({ length: 20 }, (_, at) => `${at}`.repeat(5_000))
    await Promise.all(texts.map((text) => writeDurably(file, text, 0o600)))
    expect(await readFile(file, 'utf8')).to.be.oneOf(texts)
    expect((await stat(file)).mode & 0o777).to.equal(0o600)
    expect(await readdir(path.join(folder, 'new'))).to.deep.equal(['note'])
  })

  it('is as it was where writing fails, and nothing stays aside', async () => {
    await mkdir(path.join(folder, 'note', 'inside'), { recursive: true })
    const error = await writeDurably(path.join(folder, 'note'), 'text').catch((thrown: unknown) => thrown)
    expect(error).to.have.property('code').that.is.oneOf(['EISDIR', 'ENOTEMPTY', 'EEXIST'])
    expect(await readdir(folder)).to.deep.equal(['note'])
  })

  it('is as it was after a kill, and what was left aside is known by its name', async () => {
    const file = path.join(folder, 'note')
    await writeDurably(file, 'old')
    await killedWhileNaming(
      folder,
      `const { writeDurably } = await import('@sharewell/host')
      await writeDurably(process.argv[1] + '/note', 'new')`,
    )
    expect(await readFile(file, 'utf8')).to.equal('old')
    const aside = (await readdir(folder)).filter((name) => name !== 'note')
    expect(aside).to.have.length(1)
    expect(aside.every(isAside)).to.equal(true)
    expect(['note', 'note.tmp', 'note.1.2.tmp'].some(isAside)).to.equal(false)
  })
})
