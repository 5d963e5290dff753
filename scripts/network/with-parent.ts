/**
 * Loaded into a child process (`node --import`): when its parent goes, however it goes, the child stops as on SIGTERM.
 * A parent that is killed cannot stop its children, and they would keep the ports.
 *
 * @module
 */
if (process.channel) {
  process.channel.unref()
  process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'))
}
