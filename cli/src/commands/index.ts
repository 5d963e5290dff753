/**
 * Every command, in the order of a record's journey, loaded when it is called: who only seals a file does not wait for
 * the chain client.
 * @module
 */
import type { Command } from '../command.ts'

const loaders: Readonly<Record<string, () => Promise<Command>>> = {
  seal: async () => (await import('./seal.ts')).seal,
  open: async () => (await import('./open.ts')).open,
  split: async () => (await import('./split.ts')).split,
  combine: async () => (await import('./combine.ts')).combine,
  inspect: async () => (await import('./inspect.ts')).inspect,
  deposit: async () => (await import('./deposit.ts')).deposit,
  deposits: async () => (await import('./deposits.ts')).deposits,
  policy: async () => (await import('./policy.ts')).policy,
  request: async () => (await import('./request.ts')).request,
  grant: async () => (await import('./grant.ts')).grant,
  deny: async () => (await import('./deny.ts')).deny,
  grants: async () => (await import('./grants.ts')).grants,
  'consent import': async () => (await import('./consent-import.ts')).consentImport,
  'consent export': async () => (await import('./consent-export.ts')).consentExport,
  revoke: async () => (await import('./revoke.ts')).revoke,
  'delegate add': async () => (await import('./delegate.ts')).delegateAdd,
  'delegate remove': async () => (await import('./delegate.ts')).delegateRemove,
  'delegate list': async () => (await import('./delegate.ts')).delegateList,
  'session begin': async () => (await import('./session.ts')).sessionBegin,
  'session end': async () => (await import('./session.ts')).sessionEnd,
  'session show': async () => (await import('./session.ts')).sessionShow,
  'break-glass ask': async () => (await import('./break-glass.ts')).breakGlassAsk,
  'break-glass open': async () => (await import('./break-glass.ts')).breakGlassOpen,
  'break-glass retrieve': async () => (await import('./break-glass.ts')).breakGlassRetrieve,
  'break-glass close': async () => (await import('./break-glass.ts')).breakGlassClose,
  'break-glass review': async () => (await import('./break-glass.ts')).breakGlassReview,
  'break-glass list': async () => (await import('./break-glass.ts')).breakGlassList,
  'break-glass key': async () => (await import('./break-glass-keys.ts')).breakGlassKey,
  'break-glass officers': async () => (await import('./break-glass-keys.ts')).breakGlassOfficers,
  'break-glass prepare': async () => (await import('./break-glass-keys.ts')).breakGlassPrepare,
  retrieve: async () => (await import('./retrieve.ts')).retrieve,
  rekey: async () => (await import('./rekey.ts')).rekey,
  erase: async () => (await import('./erase.ts')).erase,
  records: async () => (await import('./records.ts')).records,
  disclosures: async () => (await import('./disclosures.ts')).disclosures,
  alerts: async () => (await import('./alerts.ts')).alerts,
  receipts: async () => (await import('./receipts.ts')).receipts,
  'receipts judge': async () => (await import('./receipts.ts')).receiptsJudge,
  prove: async () => (await import('./prove.ts')).prove,
  'verify-proof': async () => (await import('./prove.ts')).verifyProof,
  organizations: async () => (await import('./organizations.ts')).organizations,
  'organizations show': async () => (await import('./organizations.ts')).organizationsShow,
  staff: async () => (await import('./staff.ts')).staff,
  'staff attest': async () => (await import('./staff-attest.ts')).staffAttest,
  'staff retract': async () => (await import('./staff-retract.ts')).staffRetract,
  council: async () => (await import('./council.ts')).council,
  'council show': async () => (await import('./council.ts')).councilShow,
  'council propose': async () => (await import('./council-propose.ts')).councilPropose,
  'council confirm': async () => (await import('./council-confirm.ts')).councilConfirm,
  'council revoke': async () => (await import('./council-confirm.ts')).councilRevoke,
  committee: async () => (await import('./committee.ts')).committee,
  'committee refresh': async () => (await import('./committee-propose.ts')).committeeRefresh,
  'committee reshare': async () => (await import('./committee-propose.ts')).committeeReshare,
  'committee run': async () => (await import('./committee.ts')).committeeRun,
  recovery: async () => (await import('./recovery.ts')).recovery,
  'recovery kit': async () => (await import('./recovery-kit.ts')).recoveryKit,
  'recovery restore': async () => (await import('./recovery-kit.ts')).recoveryRestore,
  'recovery code': async () => (await import('./recovery-friend.ts')).recoveryCode,
  'recovery split': async () => (await import('./recovery-guardians.ts')).recoverySplit,
  'recovery guardians': async () => (await import('./recovery-guardians.ts')).recoveryGuardians,
  'recovery words': async () => (await import('./recovery-friend.ts')).recoveryWords,
  'recovery approve': async () => (await import('./recovery-friend.ts')).recoveryApprove,
  'recovery rotate': async () => (await import('./recovery-rotate.ts')).recoveryRotate,
  'recovery finish': async () => (await import('./recovery-rotate.ts')).recoveryFinish,
  'recovery veto': async () => (await import('./recovery.ts')).recoveryVeto,
  explain: async () => (await import('./explain.ts')).explain,
  completion: async () => (await import('./completion.ts')).completion,
  health: async () => (await import('./health.ts')).health,
  'fault verify': async () => (await import('./fault.ts')).faultVerify,
  'fault report': async () => (await import('./fault.ts')).faultReport,
  'audit ask': async () => (await import('./audit.ts')).auditAsk,
  'audit list': async () => (await import('./audit.ts')).auditList,
  'audit draw': async () => (await import('./audit.ts')).auditDraw,
  repair: async () => (await import('./repair.ts')).repair,
  'shares change': async () => (await import('./shares-change.ts')).sharesChange,
  'shares refresh': async () => (await import('./shares.ts')).sharesRefresh,
  doctor: async () => (await import('./doctor.ts')).doctor,
  status: async () => (await import('./status.ts')).status,
}

/** Names of all commands. */
export const commandNames: readonly string[] = Object.keys(loaders)

/** The commands whose first word is `first`; all of them where none is, because help and suggestions need them. */
export async function loadCommands(first: string | undefined): Promise<readonly Command[]> {
  const named = commandNames.filter((name) => name.split(' ', 1)[0] === first)
  const wanted = named.length > 0 ? named : commandNames
  return Promise.all(Object.entries(loaders).flatMap(([name, load]) => (wanted.includes(name) ? [load()] : [])))
}
