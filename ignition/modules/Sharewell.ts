import { buildModule } from '@nomicfoundation/hardhat-ignition/modules'

/**
 * Everything that stands on chain. `networkId`, 32 random bytes, is drawn once for a network and kept when its
 * contracts are deployed anew: pseudonyms, record ids and all stored objects are bound to it and to nothing else.
 * The deploying account administers the AccessManager until `Council.ts` hands that over.
 */
export default buildModule('Sharewell', (m) => {
  const networkId = m.getParameter<string>('networkId')

  const accessManager = m.contract('AccessManager', [m.getAccount(0)])
  const actorRegistry = m.contract('ActorRegistry', [accessManager])
  const patientRegistry = m.contract('PatientRegistry', [networkId, actorRegistry])
  const recordRegistry = m.contract('RecordRegistry', [networkId, actorRegistry, patientRegistry])
  const delegations = m.contract('Delegations', [patientRegistry])
  const around = [patientRegistry, recordRegistry, actorRegistry, delegations]
  const consentRegistry = m.contract('ConsentRegistry', around)
  const keyCommittee = m.contract('KeyCommittee', [accessManager, actorRegistry])
  const accessLog = m.contract('AccessLog', [actorRegistry, patientRegistry, keyCommittee, consentRegistry])
  const breakGlass = m.contract('BreakGlass', [actorRegistry, patientRegistry, recordRegistry, keyCommittee])
  // The last ones: where the others stand does not change by them.
  const faultReports = m.contract('FaultReports', [actorRegistry, recordRegistry], { after: [breakGlass] })
  const audits = m.contract('Audits', [actorRegistry, recordRegistry], { after: [faultReports] })

  const registries = { actorRegistry, patientRegistry, recordRegistry, delegations, consentRegistry }
  return { accessManager, ...registries, keyCommittee, accessLog, breakGlass, faultReports, audits }
})
