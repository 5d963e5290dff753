import {
  consentCall,
  consentKey,
  delegationCall,
  type Grantee,
  type Message,
  type SignedConsent,
  type SignedDelegation,
  typedData,
} from '@sharewell/sdk/chain'
import { accessLogAbi, breakGlassAbi, consentRegistryAbi, patientRegistryAbi } from '@sharewell/sdk/chain/abi'
import { encodeFunctionData, type Hex } from 'viem'
import { expect, describe as group, it } from 'vitest'
import { type Standing, short } from '../names.ts'
import { describe } from './index.ts'

const address = (digit: number): Hex => `0x${String(digit).repeat(40)}`
const bytes32 = (digit: number): Hex => `0x${String(digit).repeat(64)}`
const organization: Hex = `0x${'7'.repeat(32)}`
const contracts = {
  accessManager: address(1),
  actorRegistry: address(2),
  patientRegistry: address(3),
  recordRegistry: address(4),
  consentRegistry: address(5),
  keyCommittee: address(6),
  accessLog: address(7),
  delegations: address(8),
  council: bytes32(0).slice(0, 42) as Hex,
  breakGlass: `0x${'ab'.repeat(20)}` as Hex,
  faultReports: `0x${'cd'.repeat(20)}` as Hex,
  audits: `0x${'ce'.repeat(20)}` as Hex,
}
const network = {
  networkId: bytes32(9),
  chainId: 31337,
  genesisHash: bytes32(8),
  rpcUrls: [],
  finality: { mode: 'head' },
  contracts,
  directoryUrls: [],
  relayerUrls: [],
} as const
const context = {
  network,
  names: {
    accounts: new Map([[address(8), { text: 'Dr. Amara Okafor', verified: true }]]),
    organizations: new Map([[organization, { text: 'Harbor General', verified: true }]]),
    operators: new Map(),
    grantees: new Map<Hex, Grantee & { hidden: boolean }>([
      [bytes32(2), { kind: 'person', account: address(8), hidden: false }],
      [bytes32(4), { kind: 'role', organization, role: 1, hidden: false }],
      [bytes32(5), { kind: 'person', account: address(8), hidden: true }],
    ]),
    pseudonyms: new Map([[bytes32(1), { text: 'your code at Harbor General', verified: true }]]),
    records: new Map(),
    categories: new Map([[bytes32(1), (mask: number) => (mask === 6 ? ['Laboratory', 'Medications'] : ['?'])]]),
    standing: new Map<Hex, Standing>(),
  },
}
const terms = { from: 1_800_000_000, until: 1_800_600_000, purposes: 0b1, categories: 6, useLimit: 0 }
const grant = encodeFunctionData({
  abi: consentRegistryAbi,
  functionName: 'grant',
  args: [bytes32(1), bytes32(2), bytes32(0), terms],
})
const send = (to: Hex, data: Hex) => ({ method: 'eth_sendTransaction', params: [{ to, data }] })
const factsOf = (data: Hex) =>
  Object.fromEntries(
    describe(send(contracts.consentRegistry, data), context).facts.map((fact) => [fact.label, fact.value]),
  )

group('a request in plain words', () => {
  it('says who gets what, why and until when', () => {
    expect(describe(send(contracts.consentRegistry, grant), context).title).toBe('Give access')
    expect(factsOf(grant)).toMatchObject({ Who: 'Dr. Amara Okafor', What: 'Laboratory, Medications', Why: 'Treatment' })
  })

  it('does not pretend to know a grantee', () => {
    const stranger = encodeFunctionData({
      abi: consentRegistryAbi,
      functionName: 'grant',
      args: [bytes32(1), bytes32(3), bytes32(0), terms],
    })
    expect(factsOf(stranger).Who).toMatch(/^somebody this page does not know/)
  })

  it('reads the same bytes sent to another contract as unknown', () => {
    expect(describe(send(address(9), grant), context).title).toMatch(/does not know/)
    const log = encodeFunctionData({ abi: accessLogAbi, functionName: 'logReleaseRequest', args: [bytes32(1)] })
    expect(describe(send(contracts.consentRegistry, log), context).title).toMatch(/does not know/)
  })

  it('says what guardians may do before they are named, and what a veto ends', () => {
    const ask = (call: Hex) => describe(send(contracts.patientRegistry, call), context)
    const name = (needed: number, places: readonly Hex[]) =>
      ask(
        encodeFunctionData({
          abi: patientRegistryAbi,
          functionName: 'nameGuardians',
          args: [bytes32(1), { needed, places }],
        }),
      )
    expect(name(2, [bytes32(2), bytes32(3), bytes32(4)]).sentence).toMatch(/^Any 2 of 3 guardians/)
    expect(name(0, []).title).toBe('Have no guardians')
    const plain = (functionName: 'cancel' | 'execute') =>
      ask(encodeFunctionData({ abi: patientRegistryAbi, functionName, args: [bytes32(1)] })).title
    expect([plain('cancel'), plain('execute')]).toEqual(['Stop what waits', 'Finish what waited'])
    const propose = encodeFunctionData({
      abi: patientRegistryAbi,
      functionName: 'proposeRecovery',
      args: [bytes32(1), address(8), 1_800_000_000, { needed: 2, places: [bytes32(2), bytes32(3)] }, []],
    })
    expect(ask(propose).facts).toContainEqual({ label: 'New account', value: 'Dr. Amara Okafor' })
  })

  it('reads a typed message of Sharewell, and none of another page', () => {
    const message = {
      reader: address(8),
      pseudonym: bytes32(1),
      purpose: 0,
      replyKeyHash: bytes32(7),
      notAfter: 1_800_000_000,
    }
    const typed = typedData(network, 'ReadTicket', message)
    const ask = (value: object) =>
      describe({ method: 'eth_signTypedData_v4', params: [address(8), JSON.stringify(value)] }, context)
    expect(ask(typed).title).toBe('Show your reading ticket')
    const { facts } = ask(typed)
    expect(facts.find(({ label }) => label === 'Works only with')?.value).toContain(short(bytes32(7)))
    for (const other of [{ name: 'Swap' }, { verifyingContract: address(9) }, { chainId: 1 }])
      expect(ask({ ...typed, domain: { ...typed.domain, ...other } }).title).toMatch(/does not know/)
  })
})

const once = { nonce: 300n, signedAt: 1_800_000_000, deadline: 1_800_000_900 }
const decider = { pseudonym: bytes32(1), controller: address(6) }
const permission = { granteeId: bytes32(2), recordId: bytes32(0), ...terms }
const signed = (kind: SignedConsent['kind'], message: object) => {
  const typed = typedData(network, kind, message as Message<typeof kind>)
  const text = JSON.stringify(typed, (_, value) => (typeof value === 'bigint' ? `${value}` : value))
  return describe({ method: 'eth_signTypedData_v4', params: [address(6), text] }, context)
}
const carried = (kind: SignedConsent['kind'], message: object) => {
  const consent = { kind, message, signature: `0x${'1b'.repeat(65)}` } as unknown as SignedConsent
  const { address: to, ...call } = consentCall(network, consent)
  return describe(send(to, encodeFunctionData(call)), context)
}
const messages = {
  Grant: { ...decider, ...permission, ...once },
  GrantMany: { ...decider, consents: [permission, { ...permission, granteeId: bytes32(4) }], ...once },
  Revoke: { ...decider, granteeId: bytes32(2), recordId: bytes32(0), ...once },
  RevokeAll: { ...decider, granteeId: bytes32(2), ...once },
  Deny: { ...decider, granteeId: bytes32(2), recordId: bytes32(0), ...once },
} as const

group('a decision that somebody else carries', () => {
  it('reads the same to whoever signs it and to whoever sends it', () => {
    for (const [kind, message] of Object.entries(messages) as [SignedConsent['kind'], object][]) {
      const [toSign, toSend] = [signed(kind, message), carried(kind, message)]
      expect(toSign.title).toBe(toSend.title)
      expect(toSign.sentence).toBe(toSend.sentence)
      expect(toSign.facts.filter(({ label }) => label !== 'Sent on by')).toEqual(toSend.facts)
      expect(toSign.facts.map(({ label }) => label)).toContain('Sent on by')
    }
  })

  it('says how often, and of what it changes what was and what will be', () => {
    const facts = (useLimit: number) => signed('Grant', { ...messages.Grant, useLimit })
    const often = (words: ReturnType<typeof facts>) => words.facts.find(({ label }) => label === 'How often')?.value
    expect([0, 1, 5].map((limit) => often(facts(limit)))).toEqual(['Any number of times', 'Once', '5 times'])
    const before = { ...terms, recordId: bytes32(0), until: terms.until - 86_400, useLimit: 3, used: 1 }
    context.names.standing.set(consentKey(bytes32(1), bytes32(2)), before)
    const words = facts(5)
    const batch = signed('GrantMany', messages.GrantMany).facts.map(({ value }) => value)
    context.names.standing.clear()
    expect(words.title).toBe('Change what you allowed')
    expect(often(words)).toBe('2 times → 5 times')
    const value = (name: string) => words.facts.find(({ label }) => label === name)?.value
    expect(value('Until')).toMatch(/2027.* → .*2027/)
    expect(value('What')).toBe('Laboratory, Medications')
    expect(value('Who')).toBe('Dr. Amara Okafor')
    expect(batch.filter((text) => /instead of what you allowed before/.test(text))).toHaveLength(1)
  })

  it('names each permission of a batch', () => {
    const values = signed('GrantMany', messages.GrantMany).facts.map(({ value }) => value)
    expect(values).toContainEqual(expect.stringMatching(/^Dr. Amara Okafor: Laboratory, Medications; for treatment/))
    expect(values).toContainEqual(expect.stringMatching(/^Every nurse at Harbor General: /))
  })

  it('says what naming a team means', () => {
    const { facts } = signed('Grant', { ...messages.Grant, granteeId: bytes32(4) })
    expect(facts.find(({ label }) => label === 'That is')?.value).toMatch(/also those hired later/)
  })

  it('says that the public ledger does not show a hidden one', () => {
    const { facts } = signed('Grant', { ...messages.Grant, granteeId: bytes32(5) })
    expect(facts.map(({ label }) => label)).toContain('In public')
    expect(facts.find(({ label }) => label === 'Who')?.value).toBe('Dr. Amara Okafor')
    const batch = { ...messages.GrantMany, consents: [permission, { ...permission, granteeId: bytes32(5) }] }
    expect(signed('GrantMany', batch).facts.map(({ label }) => label)).toContain('In public')
  })
})

group('an emergency', () => {
  const opening = {
    pseudonym: bytes32(1),
    recordId: bytes32(0),
    clinician: address(8),
    credentialId: bytes32(3),
    guardian: address(6),
    reasonCommit: bytes32(4),
    partKeyHash: bytes32(5),
    deadline: 1_800_000_600,
  }
  const ask = (call: Hex) => describe(send(contracts.breakGlass, call), context)

  it('reads the same to clinician and officer, and says who is told', () => {
    const typed = JSON.stringify(typedData(network, 'BreakGlass', opening))
    const toSign = describe({ method: 'eth_signTypedData_v4', params: [address(8), typed] }, context)
    const args = [opening, '0x', '0x'] as const
    const toSend = ask(encodeFunctionData({ abi: breakGlassAbi, functionName: 'openBreakGlass', args }))
    const { raw: _, ...words } = toSign
    expect(toSend).toMatchObject(words)
    expect(words.sentence).toMatch(/^Dr. Amara Okafor and account .* without asking the patient/)
    expect(words.facts).toContainEqual({ label: 'Patient', value: 'your code at Harbor General' })
    expect(words.warning).toMatch(/patient is told at once.*72 hours/)
  })

  it('says what a review finds, and what closing ends', () => {
    const review = (verdict: number) => {
      const args = [bytes32(1), bytes32(3), verdict, bytes32(4)] as const
      return ask(encodeFunctionData({ abi: breakGlassAbi, functionName: 'reviewBreakGlass', args })).sentence
    }
    expect(review(1)).toMatch(/find it justified/)
    expect(review(2)).toMatch(/find it not justified/)
    const close = encodeFunctionData({ abi: breakGlassAbi, functionName: 'closeBreakGlass', args: [bytes32(1)] })
    expect(ask(close).title).toBe('Close an emergency')
  })
})

group('who acts for the patient', () => {
  it('says who acts for the patient within which limits, the same to whoever signs it and to whoever sends it', () => {
    const times = { signedAt: 1_800_000_000, deadline: 1_800_000_900 }
    const who = { ...decider, account: address(8) }
    const limits = { until: 1_800_600_000, reads: 64, grants: 1, categories: 6 }
    const acts = { Delegate: { ...who, ...limits, ...times }, EndDelegation: { ...who, ...times } }
    for (const [kind, message] of Object.entries(acts)) {
      const act = { kind, message, signature: `0x${'1b'.repeat(65)}` } as unknown as SignedDelegation
      const typed = typedData(network, act.kind, message as Message<typeof act.kind>)
      const toSign = describe({ method: 'eth_signTypedData_v4', params: [address(6), JSON.stringify(typed)] }, context)
      const { address: to, ...call } = delegationCall(network, act)
      const toSend = describe(send(to, encodeFunctionData(call)), context)
      expect(toSign.title).toMatch(/act(ing)? for you$/)
      expect([toSign.title, toSign.sentence]).toEqual([toSend.title, toSend.sentence])
      const facts = toSign.facts.filter(({ label }) => label !== 'Sent on by')
      expect(facts).toEqual(toSend.facts)
      expect(facts[0]?.value).toContain('Dr. Amara Okafor')
      expect(facts.some(({ value }) => value === 'Laboratory, Medications')).toBe(kind === 'Delegate')
      expect(toSign.warning).toMatch(kind === 'Delegate' ? /let anyone in/ : /Whom they let in stays/)
    }
  })
})
