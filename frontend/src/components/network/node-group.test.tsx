import { cleanup, render, screen } from '@testing-library/react'
import { afterEach, describe, expect, it } from 'vitest'
import type { NodeState } from '@/hooks/useNodes.ts'
import { NodeGroup } from './node-group.tsx'

const nodeWith = (audits: NodeState['audits']): NodeState => ({
  id: '0x0123456789abcdef0123456789abcdef',
  kind: 'storage',
  organization: '0x00000000000000000000000000000001',
  account: '0x0000000000000000000000000000000000000001',
  endpoint: 'http://127.0.0.1:1',
  hpkeKeyHash: `0x${'00'.repeat(32)}`,
  active: true,
  alive: true,
  delay: 1,
  status: {},
  audits,
})
const show = (audits: NodeState['audits']) =>
  render(<NodeGroup title="Storage nodes" hint="" nodes={[nodeWith(audits)]} />)

describe('a node that auditors asked', () => {
  afterEach(cleanup)

  it('bears what it missed, and when', () => {
    show({ shown: 4, missed: 3, faults: 1, lastMissAt: 1_800_000_000 })
    expect(screen.getByText('missed 3')).toBeTruthy()
    expect(screen.getByText(/^shown 4 times, missed 3, last on .*2027.*; 1 fault$/)).toBeTruthy()
  })

  it('bears nothing where it showed all', () => {
    show({ shown: 4, missed: 0, faults: 0, lastMissAt: undefined })
    expect(screen.queryByText(/^missed/)).toBeNull()
    expect(screen.getByText('shown 4 times, missed 0; 0 faults')).toBeTruthy()
  })

  it('says so where nobody ever asked it', () => {
    show({ shown: 0, missed: 0, faults: 0, lastMissAt: undefined })
    expect(screen.getByText('never asked')).toBeTruthy()
  })

  it('of another kind has no such line', () => {
    show(undefined)
    expect(screen.queryByText('Audits')).toBeNull()
  })
})
