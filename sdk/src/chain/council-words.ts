import type { Hex } from 'viem'

type Args = Readonly<Record<string, unknown>>
type Name = (id: Hex) => string

/** Says what one function does with these arguments. */
export type CallWords = (args: Args, name: Name) => string

const called = (args: Args, key: string, name: Name): string => name(args[key] as Hex)
const names = (ids: unknown, name: Name): string => (ids as Hex[]).map(name).join(', ')
const onOff = (args: Args): string => (args.active === true ? 'on' : 'off')
const article = (kind: unknown): string => (/^[aeiou]/.test(String(kind)) ? `an ${kind}` : `a ${kind}`)
const isZero = (value: unknown): boolean => /^0x0*$/.test(String(value))
const role = (args: Args): string =>
  BigInt(String(args.roleId)) === 0n ? 'the whole administration' : `role ${args.roleId}`

/** A sentence for each function that the council calls; whoever confirms reads it first. */
export const sentences: Readonly<Record<string, CallWords>> = {
  registerOrganization: (args, name) =>
    `admit organization ${called(args, 'id', name)} as ${article(args.kind)}` +
    `${isZero(args.parent) ? '' : `, below ${called(args, 'parent', name)}`}; account ${args.account} speaks for it, ` +
    `directory entry ${args.directoryHash}`,
  setOrganizationActive: (args, name) =>
    `switch organization ${called(args, 'id', name)} ${onOff(args)}, with everything below it`,
  setOrganizationAccount: (args, name) =>
    `let account ${args.account} speak for organization ${called(args, 'id', name)}; the account before it no longer does`,
  registerOperator: (args, name) =>
    `admit operator ${called(args, 'id', name)} with ${article(args.kind)} node at ${args.endpoint}, which signs as ` +
    `${args.account}${isZero(args.hpkeKeyHash) ? '' : ` and is sealed to under the key of hash ${args.hpkeKeyHash}`}; ` +
    `organization ${called(args, 'organization', name)} answers for it`,
  setOperatorActive: (args, name) => `switch operator ${called(args, 'id', name)} ${onOff(args)}`,
  openCeremony: (args, name) =>
    `let ${(args.dealers as Hex[]).length > 0 ? names(args.dealers, name) : 'the key nodes'} ` +
    (args.generation === true
      ? 'make a NEW release key, to which every record must be wrapped anew'
      : 'share the release key anew') +
    `: any ${args.k} of ${names(args.members, name)} release from then on, once each of them agreed`,
  addMember: (args, name) => `make organization ${called(args, 'organization', name)} a member of the council`,
  removeMember: (args, name) => `remove organization ${called(args, 'organization', name)} from the council`,
  setThreshold: (args) => `let ${args.k} confirmations decide from now on`,
  penalize: (args, name) =>
    `switch operator ${called(args, 'operator', name)} off for the fault proved by ${args.fault}`,
  grantRole: (args) => `give ${role(args)} to ${args.account}`,
  revokeRole: (args) => `take ${role(args)} from ${args.account}`,
  renounceRole: (args) => `give up ${role(args)}, held by ${args.callerConfirmation}`,
}
