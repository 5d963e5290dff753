import type { GlassWindow } from '@sharewell/sdk/chain'
import type { GlassAsk } from '@sharewell/sdk/flow'
import { cleanup, fireEvent, render, screen } from '@testing-library/react'
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { drawDialogs } from '@/test-dialogs.ts'
import { AskedOfMe, type AskedOfMeProps } from './asked-of-me.tsx'
import { DeclareDialog } from './declare-dialog.tsx'
import { HandOver } from './hand-over.tsx'
import { ReviewRow } from './review-desk.tsx'
import { ReviewDialog, type ReviewDialogProps } from './review-dialog.tsx'
import { account, hour, openedAt, window, word } from './sample-window.ts'

// Names come from the directory of a network, and none is here.
vi.mock('@/hooks/useDirectory.ts', () => ({
  useDirectory: () => ({ organizations: [], practitioners: [], isLoading: false, error: undefined }),
}))

beforeAll(drawDialogs)
afterEach(cleanup)

const ask: GlassAsk = {
  opening: {
    pseudonym: window.pseudonym,
    recordId: window.recordId,
    clinician: window.clinician,
    credentialId: window.credentialId,
    guardian: window.guardian,
    reasonCommit: window.reasonCommit,
    partKeyHash: word('6'),
    deadline: openedAt + 600,
  },
  signature: `0x${'1b'.repeat(65)}`,
  partKey: `0x${'07'.repeat(1216)}`,
  reason: 'unconscious, allergies unknown',
  salt: word('8'),
}
const button = (name: string) => screen.getByRole<HTMLButtonElement>('button', { name })

describe('Declaring an emergency', () => {
  const show = (officers = [account('b')], onDeclare = vi.fn()) => {
    render(
      <DeclareDialog
        officers={officers}
        busy={false}
        error={undefined}
        onDeclare={onDeclare}
        onClose={() => undefined}
      />,
    )
    return onDeclare
  }

  it('says what will happen before anything can be signed', () => {
    show()
    const text = screen.getByRole('dialog').textContent ?? ''
    for (const said of [/has to agree/, /told at once/, /24 hours/, /within 72 hours/]) expect(text).toMatch(said)
  })

  it('takes a reason and a word that it is meant, and neither alone', () => {
    const onDeclare = show()
    const declare = button('Declare it')
    expect(declare.disabled).toBe(true)
    fireEvent.change(screen.getByRole('textbox'), { target: { value: '   ' } })
    fireEvent.click(screen.getByRole('checkbox'))
    expect(declare.disabled).toBe(true)
    fireEvent.change(screen.getByRole('textbox'), { target: { value: ' unconscious ' } })
    expect(declare.disabled).toBe(false)
    fireEvent.click(screen.getByRole('checkbox'))
    expect(declare.disabled).toBe(true)
    fireEvent.click(screen.getByRole('checkbox'))
    fireEvent.submit(document.querySelector('form') as HTMLFormElement)
    expect(onDeclare).toHaveBeenCalledWith({ reason: 'unconscious', guardian: account('b') })
  })

  it('lets one choose where there are several officers', () => {
    const onDeclare = show([account('b'), account('c')])
    fireEvent.change(screen.getByRole('combobox'), { target: { value: account('c') } })
    fireEvent.change(screen.getByRole('textbox'), { target: { value: 'unconscious' } })
    fireEvent.click(screen.getByRole('checkbox'))
    fireEvent.submit(document.querySelector('form') as HTMLFormElement)
    expect(onDeclare).toHaveBeenCalledWith({ reason: 'unconscious', guardian: account('c') })
  })

  it('hands over as a picture what fits one, and else as text', () => {
    render(<HandOver label="The request" text={'a'.repeat(2_953)} fileName="request.png" />)
    expect(screen.getByRole('img', { name: 'The request as a QR code' })).toBeTruthy()
    cleanup()
    render(<HandOver label="The request" text={'a'.repeat(2_954)} fileName="request.png" />)
    expect(screen.queryByRole('img', { name: /QR/ })).toBeNull()
    expect(screen.getByRole<HTMLTextAreaElement>('textbox').value).toHaveLength(2_954)
  })
})

describe('An officer who was asked', () => {
  const show = (change: Partial<AskedOfMeProps> = {}) => {
    const onAgree = vi.fn()
    render(
      <AskedOfMe
        looked={{ ask, windowId: window.windowId, window: undefined }}
        now={openedAt}
        demoSeed={word('9')}
        busy={false}
        error={undefined}
        onAgree={onAgree}
        onLeave={() => undefined}
        {...change}
      />,
    )
    return onAgree
  }

  it('reads who asks, why, and what follows, and agrees only after saying so', () => {
    const onAgree = show()
    expect(document.body.textContent).toContain('unconscious, allergies unknown')
    expect(document.body.textContent).toMatch(/told at once/)
    const agree = button('Agree and break the glass')
    expect(agree.disabled).toBe(true)
    fireEvent.click(screen.getByRole('checkbox'))
    fireEvent.click(agree)
    expect(onAgree).toHaveBeenCalledWith(word('9'))
  })

  it('needs the key of an officer', async () => {
    const onAgree = show({ demoSeed: undefined })
    fireEvent.click(screen.getByRole('checkbox'))
    const agree = button('Agree and break the glass')
    expect(agree.disabled).toBe(true)
    const choose = (text: string) =>
      fireEvent.change(screen.getByLabelText('Your officer’s key'), { target: { files: [new File([text], 'key')] } })
    choose('a letter')
    expect((await screen.findByRole('alert')).textContent).toMatch(/no officer’s key/)
    expect(agree.disabled).toBe(true)
    choose(`${word('9')}\n`)
    await vi.waitFor(() => expect(agree.disabled).toBe(false))
    fireEvent.click(agree)
    expect(onAgree).toHaveBeenCalledWith(word('9'))
  })

  it('opens nothing with a request that has run out, or with an emergency that is over', () => {
    show({ now: openedAt + 601 })
    expect(screen.getByRole('status').textContent).toContain('It has run out')
    expect(screen.queryByRole('button', { name: /Agree/ })).toBeNull()
    cleanup()
    show({
      looked: { ask, windowId: window.windowId, window: { ...window, closedAt: openedAt + 60 } },
      now: openedAt + 61,
    })
    expect(screen.getByRole('status').textContent).toContain('This emergency is over')
    cleanup()
    show({ looked: { ask, windowId: window.windowId, window }, now: openedAt + hour })
    expect(button('Hand on my part again')).toBeTruthy()
  })
})

describe('A reviewer', () => {
  const row = (change: Partial<GlassWindow>, after: number) =>
    render(
      <ul>
        <ReviewRow window={{ ...window, ...change }} now={openedAt + after} onReview={() => undefined} />
      </ul>,
    )
  const dialog = (change: Partial<ReviewDialogProps> = {}) => {
    const [onReview, onReadReason] = [vi.fn(), vi.fn()]
    const props = { window: { ...window, closedAt: openedAt + hour }, done: undefined, busy: false, error: undefined }
    const asked = { reason: undefined, reasonError: undefined, onReview, onReadReason, onClose: () => undefined }
    render(<ReviewDialog {...props} {...asked} {...change} />)
    return { onReview, onReadReason }
  }

  it('sees until when each has to be looked at, and what is overdue', () => {
    row({}, hour)
    expect(document.body.textContent).toMatch(/Still open until .*; to be reviewed by/)
    expect(screen.queryByRole('button')).toBeNull()
    cleanup()
    row({ closedAt: openedAt + hour }, 2 * hour)
    expect(button('Review it')).toBeTruthy()
    expect(document.body.textContent).not.toContain('overdue')
    cleanup()
    row({}, 73 * hour)
    expect(document.body.textContent).toContain('overdue')
    cleanup()
    row({ review: { verdict: 'unjustified', reviewer: account('c'), reviewedAt: openedAt + 30 * hour } }, 31 * hour)
    expect(document.body.textContent).toContain('not justified')
  })

  it('gives a verdict with a reason, and neither alone', () => {
    const { onReview } = dialog()
    const sign = button('Sign the review')
    expect(sign.disabled).toBe(true)
    fireEvent.click(screen.getByRole('radio', { name: 'It was not justified' }))
    expect(sign.disabled).toBe(true)
    fireEvent.change(screen.getByLabelText('Why? (required)'), { target: { value: ' awake and able to answer ' } })
    expect(sign.disabled).toBe(false)
    fireEvent.submit(screen.getByRole('radio', { name: 'It was justified' }).closest('form') as HTMLFormElement)
    expect(onReview).toHaveBeenCalledWith({ verdict: 'unjustified', finding: 'awake and able to answer' })
  })

  it('reads the clinician’s reason from the request, and keeps what was found', () => {
    const { onReadReason } = dialog()
    fireEvent.change(screen.getByLabelText('The request that was signed'), { target: { value: 'text' } })
    fireEvent.submit(screen.getByLabelText('The request that was signed').closest('form') as HTMLFormElement)
    expect(onReadReason).toHaveBeenCalledWith('text')
    cleanup()
    dialog({ reason: ask.reason })
    expect(screen.getByRole('status').textContent).toContain('unconscious')
    cleanup()
    dialog({ done: { windowId: window.windowId, verdict: 'justified', finding: 'right', salt: word('7') } })
    expect(button('Save what I found')).toBeTruthy()
  })
})
