import { Counter, type Registry } from 'prom-client'

/** What `GET /metrics` tells beside the requests. */
export function createMetrics(registry: Registry) {
  const registers = [registry]
  const jobs = new Counter({ name: 'sharewell_rebuild_jobs_total', help: 'Jobs that began to stream.', registers })
  const bytes = new Counter({ name: 'sharewell_rebuild_bytes_total', help: 'Bytes of frames sent.', registers })
  return { jobs, bytes }
}
