import { fromHex } from '@sharewell/sdk/bytes'
import { combineWords, readSheet, splitWords } from '@sharewell/sdk/person'
import { cleanup, fireEvent, render, screen } from '@testing-library/react'
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { decodeQr, type Pixels } from '@/lib/qr-decode.ts'
import { isWord, type KitNote, probesOf } from '@/lib/recovery-note.ts'
import { drawDialogs } from '@/test-dialogs.ts'
import { DrillDialog } from './drill-dialog.tsx'
import { KitSheet } from './kit-sheet.tsx'
import { RestoreDialog } from './restore-dialog.tsx'
import { SomethingWaits } from './rotation-notice.tsx'

const networkId = `0x${'4e'.repeat(32)}` as const
const seed = fromHex(`0x${'a7'.repeat(32)}`)
const [sheets = []] = splitWords(seed, { groups: [{ needed: 2, of: 3 }], exponent: 0 })

beforeAll(drawDialogs)
afterEach(cleanup)

/** The picture as a printer would put it on paper, black on white. */
function printed(svg: Element, scale = 4): Pixels {
  const [, , side = 0] = (svg.getAttribute('viewBox') ?? '').split(' ').map(Number)
  const width = side * scale
  const data = new Uint8ClampedArray(4 * width * width).fill(255)
  const path = svg.querySelector('path')?.getAttribute('d') ?? ''
  for (const [, x, y] of path.matchAll(/M(\d+) (\d+)h1v1h-1z/g))
    for (let row = (Number(y) + 4) * scale; row < (Number(y) + 5) * scale; row++) {
      const from = 4 * (row * width + (Number(x) + 4) * scale)
      for (let pixel = from; pixel < from + 4 * scale; pixel += 4) data.fill(0, pixel, pixel + 3)
    }
  return { width, height: width, data }
}

const show = (at: number) =>
  render(<KitSheet words={sheets[at] ?? ''} at={at + 1} needed={2} of={3} networkId={networkId} />)

describe('a sheet of a recovery kit', () => {
  it('brings the vault back from the pictures alone, and from the printed words alone', () => {
    const pictures = [0, 2].map((at) => {
      show(at)
      const text = decodeQr(printed(screen.getByRole('img', { name: `Sheet ${at + 1} as a QR code` })))
      cleanup()
      return readSheet(text, { networkId: fromHex(networkId) })
    })
    expect(combineWords(pictures)).toEqual(seed)

    show(1)
    const typed = screen.getByRole('list', { name: 'Words of sheet 2' }).textContent ?? ''
    expect(
      combineWords([readSheet(typed.replace(/\d+/g, ' '), { networkId: fromHex(networkId) }), sheets[0] ?? '']),
    ).toEqual(seed)
  })

  it('tells whoever finds it what to do, and names nobody', () => {
    show(0)
    const text = screen.getByRole('article').textContent
    expect(text).toContain('sheet 1 of 3')
    for (const title of [/You are the owner/, /for somebody else/, /You found this sheet/])
      expect(screen.getByRole('heading', { name: title })).toBeTruthy()
    expect(text).not.toMatch(/0x|https?:/)
  })
})

describe('bringing a vault back', () => {
  const restore = () => {
    const onSeed = vi.fn()
    render(<RestoreDialog networkId={networkId} busy={false} onSeed={onSeed} onClose={vi.fn()} />)
    const read = (label: string, text: string) => {
      fireEvent.change(screen.getByLabelText(label), { target: { value: text } })
      fireEvent.click(screen.getByRole('button', { name: 'Read this sheet' }))
    }
    return { onSeed, read }
  }

  it('takes sheet after sheet until there are enough', () => {
    const { onSeed, read } = restore()
    expect(screen.getByRole('button', { name: 'Read this sheet' }).hasAttribute('disabled')).toBe(true)
    read('Sheet 1', sheets[2] ?? '')
    expect(screen.getByRole('status').textContent).toContain('1 sheet to go')
    read('Sheet 2', sheets[2] ?? '')
    expect(screen.getByRole('alert').textContent).toBe('You have sheet 3 already. Read another one.')
    read('Sheet 2', sheets[0] ?? '')
    fireEvent.click(screen.getByRole('button', { name: 'Bring it back' }))
    expect(onSeed).toHaveBeenCalledWith(seed)
  })

  it('names the word that is wrong, and the sheet of another kit', () => {
    const { read } = restore()
    const words = (sheets[0] ?? '').split(' ')
    read('Sheet 1', words.with(11, words[11] === 'zero' ? 'yoga' : 'zero').join(' '))
    expect(screen.getByRole('alert').textContent).toBe('Word 12 is wrong. Compare it with the paper.')
    read('Sheet 1', words.with(4, 'grumpyly').join(' '))
    expect(screen.getByRole('alert').textContent).toBe('Word 5 is not one that sheets have. Compare it with the paper.')
    read('Sheet 1', words.slice(0, 20).join(' '))
    expect(screen.getByRole('alert').textContent).toMatch(/words/)
    read('Sheet 1', words.join(' '))
    const [[, other = ''] = []] = splitWords(seed, { groups: [{ needed: 2, of: 3 }], exponent: 0 })
    read('Sheet 2', other)
    expect(screen.getByRole('alert').textContent).toBe('This sheet is of another kit than the ones before.')
    read('Sheet 2', 'sharewell-sheet1:nothing')
    expect(screen.getByRole('alert').textContent).toMatch(/no sheet of this network/)
  })
})

describe('a drill', () => {
  const kit: KitNote = { needed: 2, of: 3, madeAt: 0, probes: probesOf(sheets, (below) => below - 1) }

  it('remembers three words of each sheet, each another one', () => {
    expect(kit.probes).toHaveLength(9)
    expect(new Set(kit.probes.map(({ sheet, word }) => `${sheet} ${word}`)).size).toBe(9)
    for (const { sheet, word, is } of kit.probes) expect((sheets[sheet - 1] ?? '').split(' ')[word - 1]).toBe(is)
  })

  it('takes the word and its first four letters, and no other', () => {
    const probe = { sheet: 1, word: 1, is: 'elephant' }
    for (const right of ['elephant', ' ELEP ', 'eleph']) expect(isWord(right, probe)).toBe(true)
    for (const wrong of ['', 'e', 'ele', 'elephants', 'elevator']) expect(isWord(wrong, probe)).toBe(false)
  })

  it('says what to do when the word is another one, and notes when it is right', () => {
    const [probe] = kit.probes
    if (!probe) throw new Error('no word')
    const onRight = vi.fn()
    render(<DrillDialog kit={kit} probe={probe} onRight={onRight} onClose={vi.fn()} />)
    const field = screen.getByLabelText(`Sheet ${probe.sheet}, word ${probe.word}`)
    fireEvent.change(field, { target: { value: 'xylophone' } })
    fireEvent.click(screen.getByRole('button', { name: 'Check' }))
    expect(screen.getByRole('alert').textContent).toContain('make a new one')
    expect(onRight).not.toHaveBeenCalled()
    fireEvent.change(field, { target: { value: probe.is } })
    fireEvent.click(screen.getByRole('button', { name: 'Check' }))
    expect(onRight).toHaveBeenCalledOnce()
    expect(screen.getByRole('status').textContent).toContain('That is the word')
  })
})

describe('something that the patient did not begin', () => {
  const pending = { kind: 'recovery', to: `0x${'9'.repeat(40)}`, readyAt: 1_800_000_000 } as const

  it('is said loudly, with the time until which it can be stopped, and is stopped by one press', () => {
    const onVeto = vi.fn()
    render(<SomethingWaits name="Harbor General" pending={pending} busy={false} onVeto={onVeto} />)
    const said = screen.getByRole('alert').textContent
    expect(said).toContain('Somebody wants to take over at Harbor General')
    expect(said).toContain('Jan 2027')
    fireEvent.click(screen.getByRole('button', { name: 'Stop the takeover' }))
    expect(onVeto).toHaveBeenCalledOnce()
  })

  it('is said also where it cannot be stopped from here', () => {
    render(<SomethingWaits name="Harbor General" pending={{ ...pending, kind: 'handover' }} busy={false} />)
    expect(screen.getByRole('alert').textContent).toContain('Another account is to decide')
    expect(screen.queryByRole('button')).toBeNull()
  })
})
