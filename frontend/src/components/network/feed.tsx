'use client'

import { useQuery } from '@tanstack/react-query'
import type { ReactElement } from 'react'
import { useNetwork } from '@/components/shell/network-context.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Facts } from '@/components/ui/facts.tsx'
import { Hash } from '@/components/ui/hash.tsx'
import { Empty } from '@/components/ui/note.tsx'
import { Problem } from '@/components/ui/problem.tsx'
import { type FeedBlock, type FeedEvent, readFeed } from '@/lib/feed.ts'
import { moment, plural } from '@/lib/format.ts'

/** The last blocks and events; each opens to all that it holds. */
export function Feed(): ReactElement {
  const { chain } = useNetwork()
  const { data, error } = useQuery({
    queryKey: ['feed', chain.network.networkId],
    refetchInterval: 3000,
    queryFn: async () => await readFeed(chain, { blocks: 8, events: 16 }),
  })
  return (
    <div className="grid items-start gap-5 lg:grid-cols-[2fr_3fr]">
      <Card title="Last blocks">
        {error && <Problem error={error} />}
        <ul className="grid gap-1.5">
          {data?.blocks.map((block) => (
            <BlockRow key={block.hash} block={block} />
          ))}
        </ul>
      </Card>
      <Card title="Last events" hint="Ids, codes and times. No name and no content ever stands in the public ledger.">
        {data?.events.length === 0 && <Empty title="Nothing has happened yet" />}
        <ul className="grid gap-1.5">
          {data?.events.map((event) => (
            <EventRow key={event.id} event={event} />
          ))}
        </ul>
      </Card>
    </div>
  )
}

function BlockRow({ block: { number, hash, time, gasUsed, transactions } }: { block: FeedBlock }): ReactElement {
  return (
    <li>
      <details className="rounded-lg border border-line">
        <summary className="flex min-h-11 list-none items-center justify-between gap-2 px-3 tabular-nums hover:bg-sunken">
          <span className="font-medium">{String(number)}</span>
          <span className="text-sm text-muted">
            {transactions.length > 0 ? plural(transactions.length, 'transaction') : 'empty'}
          </span>
        </summary>
        <div className="border-t border-line p-3 text-sm">
          <Facts
            facts={[
              { label: 'Time', value: moment(time) },
              { label: 'Hash', value: <Hash value={hash} label="the block hash" /> },
              { label: 'Gas', value: String(gasUsed) },
              ...transactions.map((transaction, at) => ({
                label: `Transaction ${at + 1}`,
                value: <Hash value={transaction} label="the transaction" />,
              })),
            ]}
          />
        </div>
      </details>
    </li>
  )
}

function EventRow({ event: { name, block, transaction, args } }: { event: FeedEvent }): ReactElement {
  return (
    <li>
      <details className="rounded-lg border border-line">
        <summary className="flex min-h-11 list-none items-center justify-between gap-2 px-3 hover:bg-sunken">
          <span className="font-medium">{name}</span>
          <span className="text-sm text-muted tabular-nums">block {String(block)}</span>
        </summary>
        <div className="border-t border-line p-3 text-sm">
          <Facts
            facts={[
              ...args.map((arg) => ({
                label: arg.name,
                value: arg.value.length > 20 ? <Hash value={arg.value} label={arg.name} /> : arg.value,
              })),
              { label: 'Transaction', value: <Hash value={transaction} label="the transaction" /> },
            ]}
          />
        </div>
      </details>
    </li>
  )
}
