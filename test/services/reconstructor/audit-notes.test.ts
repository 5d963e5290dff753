import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { toHex } from '@sharewell/sdk/bytes'
import { randomBytes } from '@sharewell/sdk/primitives'
import { expect } from 'chai'
import { lookedOn, nextLookAt, nextStep } from '../../../services/reconstructor/src/audit/judge.ts'
import { type Note, openNotes } from '../../../services/reconstructor/src/audit/notes.ts'
import { codeOf } from '../../helpers/code-of.ts'

const day = 86_400
const deadline = 1_000_000
const begin = deadline - day
const looks = (count: number, first: number, last: number) => ({ looks: { count, first, last, reason: 'x' } })
const word = (shown: boolean) => ({ word: { shown, signature: '0x12' as const } })
const well = looks(9, begin + 10, deadline - 1_000)

describe('what an auditor does next', () => {
  const drawn = { i: 0, auditors: [], deadline }
  const audit = { drawn, spoken: [false, false, true] }
  const at = { state: 'asking', audit, k: 0, note: undefined, now: begin } as const

  for (const [what, facts, step] of [
    ['waits for blocks', { ...at, state: 'waiting', k: -1 }, 'wait'],
    ['draws what is due, whoever will judge', { ...at, state: 'drawable', k: -1 }, 'draw'],
    ['leaves to others what they judge', { ...at, k: -1 }, 'forget'],
    ['speaks once', { ...at, k: 2 }, 'forget'],
    ['looks at once', at, 'look'],
    ['waits before it looks again', { ...at, note: looks(1, begin, begin), now: begin + 59 }, 'wait'],
    ['looks again', { ...at, note: looks(1, begin, begin), now: begin + 60 }, 'look'],
    ['says again that it saw it', { ...at, note: word(true) }, 'say shown'],
    ['says nothing before the deadline where it noted silence', { ...at, note: word(false) }, 'forget'],
    ['says that it saw nothing', { ...at, state: 'settling', note: well }, 'say silent'],
    ['says that again', { ...at, state: 'settling', note: word(false) }, 'say silent'],
    ['never says silence once it noted the other word', { ...at, state: 'settling', note: word(true) }, 'forget'],
    ['says nothing where it did not look', { ...at, state: 'settling' }, 'forget'],
    ['has nothing to do at the end', { ...at, state: 'silent', note: well }, 'forget'],
    ['has nothing to do where none agreed', { ...at, state: 'undecided', note: well }, 'forget'],
  ] as const)
    it(what, () => expect(nextStep(facts)).to.equal(step))
})

describe('how an auditor looks', () => {
  it('ever more seldom, and once more near the end', () => {
    expect([1, 2, 3, 20].map((count) => nextLookAt(looks(count, begin, begin), deadline) - begin)).to.deep.equal([
      60, 120, 240, 1_800,
    ])
    const late = deadline - 2_000
    expect(nextLookAt(looks(20, begin, late), deadline)).to.equal(deadline - 1_800)
    expect(nextLookAt(looks(20, begin, deadline - 1_800), deadline)).to.equal(deadline)
  })

  it('says silence only after a day of looking', () => {
    expect(lookedOn(well, deadline)).to.equal(true)
    expect(lookedOn(undefined, deadline)).to.equal(false)
    expect(lookedOn(looks(2, begin, deadline - 10), deadline)).to.equal(false)
    expect(lookedOn(looks(9, deadline - day / 2 + 1, deadline - 10), deadline)).to.equal(false)
    expect(lookedOn(looks(9, begin, deadline - 3_601), deadline)).to.equal(false)
  })
})

describe('the notes of an auditor', () => {
  let folder: string
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'audit-notes-'))
  })
  after(async () => await rm(folder, { recursive: true, force: true }))
  const newNote = (): Note => ({
    ...{ audit: toHex(randomBytes(32)), operator: toHex(randomBytes(16)), recordId: toHex(randomBytes(32)) },
    ...{ manifestHash: toHex(randomBytes(32)), j: 1, i: 2, deadline },
  })
  const fileOf = ({ audit }: Note) => path.join(folder, 'audits', `${audit.slice(2)}.json`)

  it('come back as they were written, after a restart too', async () => {
    const note = { ...newNote(), ...well, ...word(true) }
    expect(await openNotes(folder).read(note.audit)).to.equal(undefined)
    await openNotes(folder).write(note)
    expect(await openNotes(folder).read(note.audit)).to.deep.equal(note)
  })

  it('hold one word for good', async () => {
    const [notes, note] = [openNotes(folder), newNote()]
    await notes.write({ ...note, ...word(true) })
    expect(await codeOf(notes.write({ ...note, ...word(false) }))).to.equal('AUDIT_NOTE')
    expect(await codeOf(notes.write(note))).to.equal('AUDIT_NOTE')
    expect((await notes.read(note.audit))?.word?.shown).to.equal(true)
  })

  it('are of no use when they are damaged or of another audit', async () => {
    const [notes, note, other] = [openNotes(folder), newNote(), newNote()]
    await notes.write(note)
    await writeFile(fileOf(other), await readFile(fileOf(note)))
    expect(await codeOf(notes.read(other.audit))).to.equal('AUDIT_NOTE')
    await writeFile(fileOf(note), '{')
    expect(await codeOf(notes.read(note.audit))).to.equal('AUDIT_NOTE')
    expect(await codeOf(notes.write({ ...note, ...word(true) }))).to.equal('AUDIT_NOTE')
  })

  it('go long after their audit', async () => {
    const [notes, note] = [openNotes(folder), newNote()]
    await notes.write(note)
    await notes.forget(deadline + 400 * day)
    expect(await notes.read(note.audit)).to.deep.equal(note)
    await notes.forget(deadline + 400 * day + 1)
    expect(await notes.read(note.audit)).to.equal(undefined)
  })
})
