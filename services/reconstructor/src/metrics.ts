import { Counter, Registry } from 'prom-client'

/** Counts for `GET /metrics`; a registry of its own, because services may share a process. */
export function createMetrics() {
  const registry = new Registry()
  const registers = [registry]
  const jobs = new Counter({ name: 'sharewell_rebuild_jobs_total', help: 'Jobs that began to stream.', registers })
  const bytes = new Counter({ name: 'sharewell_rebuild_bytes_total', help: 'Bytes of frames sent.', registers })
  return { registry, jobs, bytes }
}
