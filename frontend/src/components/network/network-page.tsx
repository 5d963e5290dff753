'use client'

import Link from 'next/link'
import type { ReactElement } from 'react'
import { useNetwork } from '@/components/shell/network-context.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Facts } from '@/components/ui/facts.tsx'
import { Hash } from '@/components/ui/hash.tsx'
import { Waiting } from '@/components/ui/note.tsx'
import { Problem } from '@/components/ui/problem.tsx'
import { useNodes } from '@/hooks/useNodes.ts'
import { Feed } from './feed.tsx'
import { NodeGroup } from './node-group.tsx'
import { RecordMap } from './record-map.tsx'
import { RecordsHealth } from './records-health.tsx'

/** The network as anybody may see it: who runs what, where a record's shares lie, and what the chain says. */
export function NetworkPage(): ReactElement {
  const { network } = useNetwork()
  const { data, error, isLoading } = useNodes()
  const of = (kind: string) => data?.nodes.filter((node) => node.kind === kind) ?? []
  return (
    <div className="grid gap-5">
      {error && <Problem error={error} />}
      {isLoading && <Waiting>Asking the nodes…</Waiting>}
      {data && (
        <div className="grid items-start gap-5 lg:grid-cols-3">
          <NodeGroup title="Storage nodes" hint="Each keeps shares it cannot read." nodes={of('storage')} />
          <NodeGroup
            title="Key nodes"
            hint={
              data.epoch
                ? `Any ${data.epoch.k} of ${data.epoch.members.length} hospitals release a key, under consent.`
                : 'No committee serves yet.'
            }
            nodes={of('key')}
          />
          <div className="grid min-w-0 gap-5">
            <NodeGroup title="Reconstructors" hint="They rebuild what they cannot read." nodes={of('reconstructor')} />
            <Card title="This network">
              <Facts
                facts={[
                  { label: 'Chain', value: network.chainId },
                  { label: 'Network', value: <Hash value={network.networkId} label="the network id" /> },
                  { label: 'Genesis', value: <Hash value={network.genesisHash} label="the genesis hash" /> },
                ]}
              />
            </Card>
          </div>
        </div>
      )}
      {data && <RecordsHealth nodes={of('reconstructor')} now={data.askedAt} />}
      <p>
        How many nodes hold a record, and how many rebuild it, is for the depositor to say:{' '}
        <Link href="/policy" className="inline-flex min-h-6 items-center text-accent underline">
          choose the numbers
        </Link>
        .
      </p>
      <RecordMap nodes={of('storage')} />
      <Feed />
    </div>
  )
}
