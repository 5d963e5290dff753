import type { Policy } from '@sharewell/sdk/share'
import { cleanup, fireEvent, render, screen, within } from '@testing-library/react'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { firstDraft, profileIn, withNumber, withProfile } from '@/lib/policy-draft.ts'
import type { RehearsalWord } from '@/lib/rehearse.worker.ts'
import { PolicyView } from './policy-view.tsx'

const nine = Array.from({ length: 9 }, () => 1)
const show = (props: { operators?: readonly number[] | undefined; chosen?: Policy } = {}) => {
  const [onUse, onUndo] = [vi.fn(), vi.fn()]
  render(
    <PolicyView
      operators={'operators' in props ? props.operators : nine}
      chosen={props.chosen}
      onUse={onUse}
      onUndo={onUndo}
    />,
  )
  return { onUse, onUndo }
}
const slider = (name: RegExp) => screen.getByRole<HTMLInputElement>('slider', { name })
const move = (name: RegExp, value: number) => fireEvent.change(slider(name), { target: { value } })
const button = (name: string | RegExp) => screen.getByRole<HTMLButtonElement>('button', { name })
const figure = (label: string) => screen.getByText(label).parentElement?.textContent ?? ''

afterEach(() => {
  cleanup()
  vi.unstubAllGlobals()
})

describe('a draft of n, t and r', () => {
  it('stays a policy whatever is moved', () => {
    const paper = withProfile({ ...firstDraft, n: 20, t: 10 }, 'paper')
    expect(paper).toMatchObject({ n: 20, t: 10, r: 9 })
    expect(withNumber(paper, 'n', 4)).toMatchObject({ n: 4, t: 4, r: 3 })
    expect(withNumber(paper, 't', 3)).toMatchObject({ n: 20, t: 3, r: 2 })
    expect(withNumber(paper, 't', 99)).toMatchObject({ n: 20, t: 20, r: 9 })
    expect(withNumber(paper, 'r', 12)).toMatchObject({ n: 20, t: 10, r: 9 })
    expect(withNumber(paper, 'n', Number.NaN)).toMatchObject({ n: 1, t: 1, r: 0 })
    expect(withNumber(paper, 'n', 1e9)).toMatchObject({ n: 300 })
  })

  it('is known by its name', () => {
    expect([firstDraft, paperOf(7, 4), { n: 9, t: 6, r: 3 }, { n: 9, t: 5, r: 0 }].map(profileIn)).toEqual([
      'standard',
      'paper',
      'longterm',
      undefined,
    ])
  })
  const paperOf = (n: number, t: number) => ({ n, t, r: t - 1 })
})

describe('the page for n, t and r', () => {
  it('says what the numbers cost, survive and hide, by slider and typed', () => {
    show()
    expect(figure('Storage')).toContain('1.67 times')
    move(/^n,/, 9)
    move(/^t,/, 6)
    fireEvent.change(screen.getByRole('spinbutton', { name: /^r,/ }), { target: { value: 3 } })
    expect(figure('Storage')).toContain('3 times')
    expect(figure('May fail')).toContain('3 nodes')
    expect(figure('Must collude to rebuild')).toContain('6 nodes')
    expect(figure('Must collude to learn anything')).toContain('4 nodes')
    expect(figure('Opens when somebody asks')).toContain('5.9 nines')
    expect(figure('Still there after a year')).toContain('99.935 %')
    fireEvent.change(screen.getByRole('combobox', { name: 'Lost shares are made anew' }), { target: { value: 30 } })
    expect(figure('Still there after a year')).toContain('with repairs')
    expect(
      screen.getByRole('img', {
        name: '9 nodes: any 6 rebuild the sealed bytes, any 3 may fail, any 3 learn nothing.',
      }),
    ).toBeTruthy()
    expect(slider(/^How often/).getAttribute('aria-valuetext')).toBe('99 %')
  })

  it('warns of foolish choices, and only of those', () => {
    show()
    expect(screen.queryByText(/No node may fail/)).toBeNull()
    move(/^t,/, 5)
    expect(screen.getByText(/No node may fail/)).toBeTruthy()
    move(/^t,/, 3)
    move(/^r,/, 2)
    expect(screen.getByText(/Each share is as long as the record: 5 times/)).toBeTruthy()
  })
})

describe('a choice of n, t and r', () => {
  it('is offered for deposits, and taken back', () => {
    const { onUse } = show()
    fireEvent.change(screen.getByRole('combobox', { name: 'Start from' }), { target: { value: 'longterm' } })
    fireEvent.click(button('Use for the next deposit'))
    expect(onUse).toHaveBeenCalledWith(expect.objectContaining({ n: 9, t: 6, r: 3 }))
    cleanup()
    const { onUndo } = show({ chosen: { n: 9, t: 6, r: 3 } })
    expect(slider(/^n,/).value).toBe('9')
    expect(button('Use for the next deposit').disabled).toBe(true)
    fireEvent.click(button('Undo'))
    expect(onUndo).toHaveBeenCalledOnce()
  })

  it('has no more nodes than the network has operators, and waits while it is asked', () => {
    show()
    move(/^n,/, 10)
    expect(screen.getByText(/this network has 9\. You can try/)).toBeTruthy()
    expect(button('Use for the next deposit').disabled).toBe(true)
    cleanup()
    show({ operators: undefined })
    expect(button('Use for the next deposit').disabled).toBe(true)
  })

  it('is measured in a worker, which says when the numbers have changed since', async () => {
    const heard: ((event: { data: RehearsalWord }) => void)[] = []
    const asked: unknown[] = []
    class FakeWorker {
      addEventListener(kind: string, listener: (event: { data: RehearsalWord }) => void) {
        if (kind === 'message') heard.push(listener)
      }
      postMessage(policy: unknown) {
        asked.push(policy)
      }
      terminate() {}
    }
    vi.stubGlobal('Worker', FakeWorker)
    show()
    fireEvent.click(button('Measure on this device'))
    expect(asked).toEqual([{ n: 5, t: 3, r: 0 }])
    expect(screen.getByRole('progressbar', { name: 'Measuring' })).toBeTruthy()
    const found = { bytes: 8e6, stored: 13.4e6, depositMs: 100, retrieveMs: 50 }
    heard[0]?.({ data: { kind: 'done', found } })
    const card = await screen.findByRole('region', { name: 'How long it takes here' })
    await within(card).findByText('100 MB in 1.3 s (80 MB/s)')
    expect(within(card).queryByText(/changed since/)).toBeNull()
    move(/^t,/, 2)
    expect(within(card).getByText(/Measured for n = 5, t = 3, r = 0\. The numbers have changed since/)).toBeTruthy()
    expect(button('Measure again')).toBeTruthy()
  })
})
