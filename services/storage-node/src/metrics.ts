import { Counter, Gauge, type Registry } from 'prom-client'
import type { Ledger } from './ledger.ts'

/** What `GET /metrics` tells beside the requests. */
export function createMetrics(registry: Registry, ledger: Ledger, peers: () => number) {
  const registers = [registry]
  const bytes = new Counter({
    name: 'sharewell_storage_bytes_total',
    help: 'Bytes of blocks taken and given.',
    labelNames: ['direction'] as const,
    registers,
  })
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read())
      },
    })
  gauge('sharewell_storage_blocks', 'Blocks held.', () => ledger.totals().blocks)
  gauge('sharewell_storage_held_bytes', 'Bytes held.', () => ledger.totals().bytes)
  gauge('sharewell_storage_peers', 'Connected nodes of the swarm.', peers)
  return { bytes }
}
