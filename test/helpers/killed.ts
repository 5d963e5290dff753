import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect } from 'chai'

/** Runs a module's text in a process of its own, with `folder` as its argument, that is killed as a file is to get its name. */
export async function killedWhileNaming(folder: string, text: string): Promise<void> {
  const script = `
    import fs from 'node:fs'
    import { syncBuiltinESMExports } from 'node:module'
    fs.promises.rename = () => process.kill(process.pid, 'SIGKILL')
    syncBuiltinESMExports()
    ${text}`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script, folder], { stdio: 'ignore' })
  expect(await once(child, 'exit')).to.deep.equal([null, 'SIGKILL'])
}
