import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect } from 'chai'
import { processesBelow, useOf } from '../../scripts/measure/processes.ts'
import { head, row } from '../../scripts/measure/table.ts'

describe('a measurement', () => {
  it('sees the memory and the processor time of a process and of what it started', async function () {
    if (process.platform !== 'linux') this.skip()
    const hold = 'const held = Buffer.alloc(64e6, 1); console.log(held.length); setInterval(() => held, 1e3)'
    const child = spawn(process.execPath, ['-e', hold], { stdio: ['ignore', 'pipe', 'ignore'] })
    try {
      await once(child.stdout, 'data')
      const all = await processesBelow(process.pid)
      const [self, held] = [process.pid, child.pid].map((pid) => all.find((one) => one.pid === pid))
      expect(self?.cpu).to.be.greaterThan(0)
      expect(held?.peak).to.be.greaterThan(64e6)
      expect(held?.proportional).to.be.greaterThan(64e6)
      expect(await processesBelow(child.pid ?? 0)).to.have.lengthOf(1)
    } finally {
      child.kill()
      await once(child, 'exit')
    }
    expect(await useOf(child.pid ?? 0)).to.equal(undefined)
  })

  it('is told in columns, a long name without its middle', () => {
    const columns = [
      { title: 'file', width: 9 },
      { title: 'bytes', width: 6, right: true },
    ]
    expect(head(columns)).to.equal('file        bytes\n---------  ------')
    expect(row(columns, ['short', 12])).to.equal('short          12')
    expect(row(columns, ['long-enough.json', 1])).to.equal('long…json       1')
  })
})
