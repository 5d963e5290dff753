import { WASI } from 'node:wasi'
import asc from 'assemblyscript/asc'

/** Asks the system for the processor time of this process: getrusage, behind process.cpuUsage(), counts in ticks here. */
const source = `
@external('wasi_snapshot_preview1', 'clock_time_get')
declare function clockTimeGet(clock: i32, precision: i64, time: usize): i32
const processCpuTime: i32 = 2
export function now(): f64 {
  clockTimeGet(processCpuTime, 1, 8)
  return <f64>load<i64>(8) / 1e6
}
export function _start(): void {}
`

/** A clock of the processor time that this process has used, all threads of it together, in milliseconds. */
export async function cpuClock(): Promise<() => number> {
  let binary: Uint8Array<ArrayBuffer> | undefined
  const { error, stderr } = await asc.main(
    ['clock.ts', '-O', '--runtime', 'stub', '--initialMemory', '1', '--use', 'abort=', '--outFile', 'clock.wasm'],
    {
      stdout: asc.createMemoryStream(),
      stderr: asc.createMemoryStream(),
      readFile: (name: string) => (name.endsWith('clock.ts') ? source : null),
      writeFile: (_: string, contents: string | Uint8Array) => {
        if (typeof contents !== 'string') binary = new Uint8Array(contents)
      },
      listFiles: () => [],
    },
  )
  if (error || !binary) throw new Error(`The clock does not compile.\n${stderr}`)
  const wasi = new WASI({ version: 'preview1' })
  const instance = new WebAssembly.Instance(new WebAssembly.Module(binary), {
    wasi_snapshot_preview1: wasi.wasiImport,
  })
  wasi.start(instance)
  return instance.exports.now as () => number
}
