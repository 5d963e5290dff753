import { cleanup, render, screen, within } from '@testing-library/react'
import { afterEach, describe, expect, it } from 'vitest'
import { advance, type Journey, paths } from '@/lib/journey.ts'
import { names } from '@/lib/names.ts'
import { JourneyPicture } from './journey-picture.tsx'

const start: Journey = {}

describe('the picture of a journey', () => {
  afterEach(cleanup)

  it('names the key nodes, and says why one of them refused', () => {
    names.operators.set('0x0a', { text: 'Harbor General', verified: true })
    const journey = [
      { step: 'release', status: 'start', of: 3 } as const,
      { step: 'release', status: 'failed', who: '0x0a', problem: 'REVOKED' } as const,
      { step: 'release', status: 'progress', done: 1, of: 3 } as const,
    ].reduce(advance, start)
    render(<JourneyPicture journey={journey} path={paths.reader} />)
    const nodes = screen.getByRole('list', { name: 'Key nodes' })
    expect(within(nodes).getByText('Harbor General')).toBeTruthy()
    expect(within(nodes).getByText('the patient stopped sharing')).toBeTruthy()
    expect(screen.getByText('1 of 3 key nodes')).toBeTruthy()
    expect(screen.getByRole('progressbar', { name: 'Release' }).getAttribute('value')).toBe('1')
  })

  it('reads the step that runs to those who cannot see it', () => {
    const journey = advance(start, { step: 'gather', status: 'progress', done: 2, of: 3 })
    render(<JourneyPicture journey={journey} path={paths.reader} />)
    expect(screen.getByRole('status').textContent).toBe('Gather: 2 of 3 shares')
  })
})
