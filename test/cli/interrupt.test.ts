import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, watch } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { expect } from 'chai'
import { openSession, sharewell } from './transcript.ts'

describe('sharewell, interrupted', () => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    it(`leaves nothing behind on ${signal}`, async function () {
      this.timeout(60_000)
      const session = await openSession()
      try {
        const { promise: started, resolve } = Promise.withResolvers<void>()
        const watcher = watch(session.folder, (_, name) => name?.endsWith('.part') && resolve())
        const child = spawn(process.execPath, [sharewell, 'seal', '-', '-o', 'long.sealed', '-k', 'long.key'], {
          cwd: session.folder,
          stdio: ['pipe', 'ignore', 'pipe'],
        })
        const ended = once(child, 'close')
        let stderr = ''
        child.stderr.setEncoding('utf8').on('data', (text) => {
          stderr += text
        })
        // More may come, so the command waits.
        child.stdin.write('a')
        await started
        watcher.close()
        child.kill(signal)
        const [code] = await ended
        expect(code).to.equal(1)
        expect(stderr).to.equal(
          'sharewell: error: interrupted; nothing was left half done\nsharewell: hint: run the same command again when you want to\n',
        )
        expect(await readdir(session.folder)).to.deep.equal(['.tools'])
      } finally {
        await session.close()
      }
    })
  }

  // Where there is no such device, a full disk cannot be had for the asking.
  for (const command of ['seal file -o - -k file.key', '--version', 'seal file -o file.sealed'])
    if (existsSync('/dev/full'))
      it(`says that the disk is full, and fails: sharewell ${command} > full disk`, async function () {
        this.timeout(60_000)
        const session = await openSession()
        try {
          await session.run('printf plain > file')
          const { code, stderr } = await session.run(`sharewell ${command} > /dev/full`)
          expect(stderr).to.include(
            'sharewell: error: no space left on the disk\nsharewell: hint: free some space or write elsewhere with -o\n',
          )
          expect(code).to.equal(1)
        } finally {
          await session.close()
        }
      })

  it('never replaces a file that got the name while it worked', async function () {
    this.timeout(60_000)
    const session = await openSession()
    try {
      const child = spawn('/bin/sh', ['-c', `"${process.execPath}" "${sharewell}" seal - -o late.sealed -k late.key`], {
        cwd: session.folder,
        stdio: ['pipe', 'ignore', 'pipe'],
      })
      const ended = once(child, 'close')
      const { promise: started, resolve } = Promise.withResolvers<void>()
      const watcher = watch(session.folder, (_, name) => name?.endsWith('.part') && resolve())
      child.stdin.write('a')
      await started
      watcher.close()
      await session.run('printf mine > late.sealed')
      child.stdin.end()
      expect((await ended)[0]).to.equal(1)
      expect((await session.run('cat late.sealed')).stdout).to.equal('mine')
      expect((await readdir(session.folder)).toSorted()).to.deep.equal(['.tools', 'late.sealed'])
    } finally {
      await session.close()
    }
  })
})
