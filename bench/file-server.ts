/**
 * Serves the files of a folder on loopback, in a process of its own: what it spends is not the reader's. Tells its port
 * to the process that started it, and ends with it.
 */
import { createReadStream } from 'node:fs'
import { createServer } from 'node:http'
import path from 'node:path'

const [folder = ''] = process.argv.slice(2)
const server = createServer((request, response) => {
  const file = path.join(folder, path.basename(request.url ?? ''))
  createReadStream(file)
    .on('error', () => response.writeHead(404).end())
    .pipe(response)
})
// Between two rounds a connection rests for long; the reader goes on with it.
server.keepAliveTimeout = 600_000
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  process.send?.(typeof address === 'object' ? address?.port : undefined)
})
process.on('disconnect', () => process.exit())
