import { type Listening, type Service, startService } from './hosts.ts'

/**
 * A process of services: its parent sends `{ id, service }` and gets `{ id, url }` back. It ends when its parent
 * lets go. What the services log goes to its standard output.
 */
const running: Listening[] = []

process.on('message', async ({ id, service }: { id: number; service: Service }) => {
  try {
    const listening = await startService(service)
    running.push(listening)
    process.send?.({ id, url: listening.url })
  } catch (error) {
    process.send?.({ id, error: String(error) })
  }
})

process.once('disconnect', async () => {
  await Promise.all(running.map((one) => one.close()))
  process.exit()
})
