import { Counter, Gauge, type Registry } from 'prom-client'
import type { Components } from './components.ts'

/** What `GET /metrics` tells beside the requests. */
export function createMetrics(registry: Registry) {
  const registers = [registry]
  const jobs = new Counter({ name: 'sharewell_rebuild_jobs_total', help: 'Jobs that began to stream.', registers })
  const bytes = new Counter({ name: 'sharewell_rebuild_bytes_total', help: 'Bytes of frames sent.', registers })
  return { jobs, bytes }
}

/** What a caretaker's last round found; docs/spec/health.md says what to be woken for. */
export function countCare(registry: Registry, { report, done }: NonNullable<Components['care']>): void {
  const registers = [registry]
  const gauge = <label extends string>(name: string, help: string, label: label, read: () => Record<string, number>) =>
    new Gauge({
      name,
      help,
      labelNames: [label],
      registers,
      collect() {
        this.reset()
        for (const [value, count] of Object.entries(read()))
          this.set({ [label]: value } as Record<label, string>, count)
      },
    })
  gauge('sharewell_health_records', 'Records by level.', 'level', () => report()?.records ?? {})
  gauge('sharewell_health_shares', 'Shares by state.', 'state', () => report()?.shares ?? {})
  new Gauge({
    name: 'sharewell_health_checked_seconds',
    help: 'When the last whole round ended; 0 before the first.',
    registers,
    collect() {
      this.set(report()?.checkedAt ?? 0)
    },
  })
  new Gauge({
    name: 'sharewell_refreshes_due',
    help: 'Records whose shares should have been refreshed.',
    registers,
    collect() {
      this.set(report()?.due ?? 0)
    },
  })
  new Gauge({
    name: 'sharewell_old_shares',
    help: 'Old shares of renewed records that keepers did not say to have removed.',
    registers,
    collect() {
      this.set(report()?.oldShares ?? 0)
    },
  })
  countOutcomes(registry, 'sharewell_repairs_total', 'Repairs since the start.', () => done().repairs)
  countOutcomes(registry, 'sharewell_refreshes_total', 'Refreshes since the start.', () => done().refreshes)
}

function countOutcomes(
  registry: Registry,
  name: string,
  help: string,
  read: () => Readonly<Record<string, number>>,
): void {
  new Counter({
    name,
    help,
    labelNames: ['outcome'] as const,
    registers: [registry],
    collect() {
      this.reset()
      for (const [outcome, count] of Object.entries(read())) this.inc({ outcome }, count)
    },
  })
}

/** What an auditor did; docs/spec/audits.md says what to be woken for. */
export function countAudits(registry: Registry, { report }: NonNullable<Components['auditor']>): void {
  const registers = [registry]
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read())
      },
    })
  gauge('sharewell_audit_seat', '1 where it sits for its house.', () => (report().enrolled ? 1 : 0))
  gauge('sharewell_audits', 'Audits that it follows.', () => report().open)
  countOutcomes(registry, 'sharewell_audit_words_total', 'Words given since the start.', () => report().words)
  countOutcomes(registry, 'sharewell_audit_looks_total', 'Nodes asked since the start.', () => report().looks)
}
