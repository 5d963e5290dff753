import { buildModule } from '@nomicfoundation/hardhat-ignition/modules'

/**
 * The council of the founding members, and the handover: it gets the administration, and the deploying account keeps
 * no role. The founders are organizations of the registry already (docs/spec/council.md#handover).
 */
export default buildModule('Council', (m) => {
  const accessManager = m.contractAt('AccessManager', m.getParameter<string>('accessManager'))
  const actorRegistry = m.contractAt('ActorRegistry', m.getParameter<string>('actorRegistry'))

  const council = m.contract('Council', [
    actorRegistry,
    m.getParameter<string[]>('founders'),
    m.getParameter<number>('threshold'),
  ])
  const administration = 0n
  const given = m.call(accessManager, 'grantRole', [administration, council, 0])
  m.call(accessManager, 'renounceRole', [administration, m.getAccount(0)], { after: [given] })

  return { council }
})
