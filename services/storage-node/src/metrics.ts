import { Counter, Gauge, Registry } from 'prom-client'
import type { Ledger } from './ledger.ts'

/** Counts for `GET /metrics`; a registry of its own, because services may share a process. */
export function createMetrics(ledger: Ledger, peers: () => number) {
  const registry = new Registry()
  const registers = [registry]
  const requests = new Counter({
    name: 'sharewell_storage_requests_total',
    help: 'Requests by route and status.',
    labelNames: ['route', 'status'] as const,
    registers,
  })
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
  return { registry, requests, bytes }
}
