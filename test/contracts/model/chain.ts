import type { Interface } from 'ethers'
import { network } from 'hardhat'
import { messages, structs } from '../messages.ts'
import { callOf, messageOf, slotOf } from './calls.ts'
import { type Artifact, type Contract, deploy, send } from './deployment.ts'
import { stage, wallets } from './stage.ts'
import type { Act, Answer, Held, Path, Query } from './types.ts'

/** What is read back of the registry's memory: slots by key, floors, words of nonces. */
export type Memory = {
  keys: readonly string[]
  floors: readonly (readonly [pseudonym: string, granteeId: string])[]
  words: readonly (readonly [pseudonym: string, word: bigint])[]
}

type Call = { readonly from: string; readonly to: string; readonly data: string }

/** The real contracts on a chain of their own. Blocks may share a second, as they do wherever blocks are fast. */
export async function startChain(registry?: Artifact) {
  const override = { allowBlocksWithSameTimestamp: true, allowUnlimitedContractSize: true }
  const { provider } = await network.create({ override })
  const { contracts, setting } = await deploy(provider, registry)
  const { actors, patients, records, delegations, consents, log, questions, account } = contracts
  const head = await provider.request({ method: 'eth_getBlockByNumber', params: ['latest', false] })

  /** What the registry answers to many calls at once. */
  async function ask(calls: readonly string[]): Promise<string[]> {
    const data = questions.abi.encodeFunctionData('ask', [consents.address, calls])
    const params = [{ from: stage.outsider, to: questions.address, data, gas: '0xf00000' }, 'latest']
    return [
      ...questions.abi.decodeFunctionResult('ask', String(await provider.request({ method: 'eth_call', params })))[0],
    ]
  }

  /** A contract account acts through its owner. */
  function as(by: string, to: Contract, name: string, args: readonly unknown[]): Call {
    const data = to.abi.encodeFunctionData(name, args)
    if (!setting.contracts.includes(by)) return { from: by, to: to.address, data }
    return { from: stage.owner, to: by, data: account.abi.encodeFunctionData('execute', [to.address, data]) }
  }

  async function carry(held: Held): Promise<Call> {
    const { decision, pseudonym, controller, signer, nonce, signedAt, deadline } = held
    const wallet = wallets.find(({ address }) => address === signer)
    if (!wallet) throw new Error('nobody signs with this account')
    const domain = { name: 'Sharewell', version: '1', chainId: 31_337, verifyingContract: consents.address }
    const [kind, body] = messageOf(decision)
    const types = { [kind]: messages[kind], ...(kind === 'GrantMany' && structs) }
    const said = { pseudonym, controller, ...body, nonce, signedAt, deadline }
    const signature = await wallet.signTypedData(domain, types, said)
    const [name, args] = callOf(pseudonym, decision)
    return as(stage.relayer, consents, `${name}BySignature`, [...args, { nonce, signedAt, deadline, signature }])
  }

  async function callFor(act: Act): Promise<Call> {
    switch (act.kind) {
      case 'decide':
        return as(act.by, consents, ...callOf(act.pseudonym, act.decision))
      case 'cancelNonce':
        return as(act.by, consents, 'cancelNonce', [act.pseudonym, act.nonce])
      case 'carry':
        return await carry(act.held)
      case 'rotate':
        return as(act.by, patients, 'rotateController', [act.pseudonym, act.to])
      case 'attest': {
        const { account, organization, roles, until } = act
        return as(speakerOf(organization), actors, 'attest', [account, organization, roles, until, someHash])
      }
      case 'retract':
        return as(speakerOf(act.organization), actors, 'retract', [act.account, act.organization])
      case 'switch':
        return as(stage.admin, actors, 'setOrganizationActive', [act.organization, act.active])
      case 'anchor': {
        const { pseudonym, salt, category } = act
        const hashes = { manifestHash: someHash, placementHash: someHash, ptCommit: someHash }
        const deposit = { pseudonym, salt, category, ...hashes, n: 5, t: 3, r: 0 }
        return as(stage.organizations[0].account, records, 'anchor', [deposit])
      }
      case 'erase':
        return as(stage.organizations[0].account, records, 'erase', [act.recordId])
      case 'delegate':
        return as(act.by, delegations, 'delegate', [act.pseudonym, act.account, act.terms])
      case 'endDelegation':
        return as(act.by, delegations, 'endDelegation', [act.pseudonym, act.account])
      case 'use':
        return as(act.by, log, 'logCountedRequest', [someHash, act.use])
    }
  }

  return {
    setting,
    start: Number((head as { timestamp: string }).timestamp),

    /** Does it in a block at `time`; gives the name of the refusal, if there is one. */
    async act(act: Act, time: number): Promise<string | undefined> {
      await provider.request({ method: 'evm_setNextBlockTimestamp', params: [time] })
      const data = await send(provider, await callFor(act))
      return data === undefined ? undefined : nameOf(data, [consents.abi, actors.abi, records.abi, delegations.abi])
    },

    /** What the registry says to each question, and along each path beside it. */
    async decide(questions: readonly { query: Query; paths: readonly Path[] }[]) {
      const answers = await ask(
        questions.flatMap(({ query, paths }) => [
          consents.abi.encodeFunctionData('decide', [query]),
          ...paths.map((path) => consents.abi.encodeFunctionData('decideAlong', [query, path])),
        ]),
      )
      const next = (name: string): Answer => {
        const [code, key] = consents.abi.decodeFunctionResult(name, answers.shift() ?? '0x')
        return { code: Number(code), key }
      }
      return questions.map(({ paths }) => ({ whole: next('decide'), along: paths.map(() => next('decideAlong')) }))
    },

    /** What the registry remembers. */
    async read({ keys, floors, words }: Memory) {
      const answers = await ask([
        ...keys.map((key) => consents.abi.encodeFunctionData('slotOf', [key])),
        ...floors.map((floor) => consents.abi.encodeFunctionData('floorOf', floor)),
        ...words.map((word) => consents.abi.encodeFunctionData('noncesOf', word)),
      ])
      const decode = (name: string, some: readonly string[]) =>
        some.map((answer) => consents.abi.decodeFunctionResult(name, answer)[0])
      const [first, second] = [keys.length, keys.length + floors.length]
      return {
        slots: decode('slotOf', answers.slice(0, first)).map(slotOf),
        floors: decode('floorOf', answers.slice(first, second)).map(Number),
        words: decode('noncesOf', answers.slice(second)).map(BigInt),
      }
    },
  }
}

/** The real contracts, as {@link startChain} starts them. */
export type Chain = Awaited<ReturnType<typeof startChain>>

const someHash = `0x${'aa'.repeat(32)}`

const speakerOf = (organization: string) =>
  stage.organizations.find(({ id }) => id === organization)?.account ?? stage.outsider

/** The name of a custom error; a refusal without one is none that the contracts intend. */
function nameOf(data: string, abis: readonly Interface[]): string {
  for (const abi of abis) {
    const error = abi.parseError(data)
    if (error) return error.name
  }
  return `no error of the contracts: ${data}`
}
