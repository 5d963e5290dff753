/**
 * Loaded into a child process (`node --import`): when its parent goes, however it goes, the child stops as on SIGTERM.
 * A parent that is killed cannot stop its children, and they would keep the ports.
 *
 * @module
 */
const self = process.execArgv.indexOf(import.meta.url)
// Processes that the child forks start with the same arguments, and live by their channel to it.
if (self > 0) process.execArgv.splice(self - 1, 2)

if (process.channel) {
  process.channel.unref()
  process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'))
}
