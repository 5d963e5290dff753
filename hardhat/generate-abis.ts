import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { task } from 'hardhat/config'

const contracts = [
  'AccessLog',
  'AccessManager',
  'ActorRegistry',
  'Audits',
  'BreakGlass',
  'ConsentRegistry',
  'Council',
  'Delegations',
  'FaultReports',
  'KeyCommittee',
  'PatientRegistry',
  'RecordRegistry',
]

/** `hardhat generate-abis`: writes the ABIs as constants, from which viem, wagmi and abitype read their types. */
export const generateAbisTask = task('generate-abis', 'Writes the contract ABIs for the SDK')
  .setInlineAction(async (_, hre) => {
    await hre.tasks.getTask('build').run({ quiet: true })
    const parts = await Promise.all(
      contracts.map(async (name) => {
        const { abi } = await hre.artifacts.readArtifact(name)
        const constant = `${name.charAt(0).toLowerCase()}${name.slice(1)}Abi`
        return `export const ${constant} = ${JSON.stringify(abi, null, 2)} as const\n`
      }),
    )
    const file = path.join(hre.config.paths.root, 'sdk/src/chain/abi.ts')
    await writeFile(file, `// Written by \`npm run generate\` from the contracts; do not edit.\n\n${parts.join('\n')}`)
  })
  .build()
