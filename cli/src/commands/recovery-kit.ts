import { fromHex, utf8 } from '@sharewell/sdk/bytes'
import { connect } from '@sharewell/sdk/chain'
import { findPlaces } from '@sharewell/sdk/flow/recovery'
import {
  combineWords,
  newVaultKey,
  readSheet,
  sealVault,
  splitWords,
  type Vault,
  vaultMessage,
} from '@sharewell/sdk/person'
import { command, common, integer, text, UsageError } from '../command.ts'
import { readText } from '../network/guardians.ts'
import { NoVaultError, writeSheet } from '../network/kit.ts'
import { readNetworkFile } from '../network/network-file.ts'
import { actorOptions, readVault } from '../network/session.ts'
import { checkFree, openOutput } from '../output.ts'

/** `sharewell recovery kit`. */
export const recoveryKit = command({
  name: 'recovery kit',
  group: 'Looking after it:',
  summary: 'Write the sheets that bring a lost vault back.',
  usage: '<name>',
  operands: { name: 'what the sheets are called: NAME-1.txt, NAME-2.txt ...' },
  about:
    'For patients. Splits the seed of the vault into words (SLIP-39), one sheet a share: print each, give it away, and ' +
    'delete the file. Any --needed of them give the vault back; fewer say nothing. It needs no network.',
  examples: [['sharewell recovery kit sheet --key-file me.key --vault-file me.vault', 'Three sheets, two are enough.']],
  options: {
    needed: integer('--needed <sheets>', 'how many sheets give the vault back', 2, { least: 2, most: 16 }),
    sheets: integer('--sheets <count>', 'how many sheets there are', 3, { least: 2, most: 16 }),
    network: actorOptions.network,
    keyFile: actorOptions.keyFile,
    vaultFile: actorOptions.vaultFile,
    ...common,
  },
  async run({ args: [name = ''], options, terminal, signal }) {
    const { needed, sheets: of, keyFile, vaultFile, force } = options
    if (keyFile === undefined || vaultFile === undefined) throw new NoVaultError({})
    if (needed > of)
      throw new UsageError({
        problem: `${needed} of ${of} sheets can never be brought together`,
        hints: ['lower --needed'],
      })
    const files = Array.from({ length: of }, (_, at) => `${name}-${at + 1}.txt`)
    for (const file of files) await checkFree(file, force)
    const { network } = await readNetworkFile(options.network, signal)
    const { vault } = await readVault({ keyFile, vaultFile }, network, signal)
    const [shares = []] = splitWords(vault.seed, { groups: [{ needed, of }] })
    for (const [at, file] of files.entries()) {
      const output = await openOutput(file, { force, mode: 0o600 })
      await output.write(utf8(writeSheet({ words: shares[at] ?? '', needed, of, at: at + 1 })))
      await output.commit()
      terminal.result({ type: 'sheet', output: file, needed, of }, file)
    }
    terminal.note(`print each, give them to different people, delete the files; any ${needed} bring the vault back`)
  },
})

/** `sharewell recovery restore`. */
export const recoveryRestore = command({
  name: 'recovery restore',
  group: 'Looking after it:',
  summary: 'Bring a vault back from its sheets, on a new device.',
  usage: '<sheet...>',
  operands: { sheet: 'files with the words, as `recovery kit` wrote them or typed from paper' },
  about:
    'For patients. Joins the words, finds every pseudonym of the vault on the chain, and writes the vault anew, for the ' +
    'key in --key-file. Accounts that followed from the vault work again at once; what a lost wallet decides for comes ' +
    'back by its guardians.',
  examples: [
    ['sharewell recovery restore sheet-1.txt sheet-3.txt --key-file new.key --out new.vault', 'On the new laptop.'],
  ],
  options: {
    out: text('-o, --out <file>', 'the vault to write'),
    network: actorOptions.network,
    keyFile: actorOptions.keyFile,
    ...common,
  },
  async run({ args: sheets, options: { out, keyFile, force, network: named }, terminal, signal }) {
    if (out === undefined || keyFile === undefined)
      throw new UsageError({
        problem: 'a vault needs a file, and a key that unlocks it',
        hints: ['name --out and --key-file'],
      })
    await checkFree(out, force)
    const { network } = await readNetworkFile(named, signal)
    const expected = { networkId: fromHex(network.networkId, 32) }
    const texts = await Promise.all(sheets.map(async (sheet) => readSheet(await readText(sheet, signal), expected)))
    const { account } = await readVault({ keyFile }, network, signal)
    const vault: Vault = { networkId: fromHex(network.networkId), seed: combineWords(texts), profiles: [] }
    const chain = await connect(network, { signal })
    const places = await findPlaces(chain, vault, { signal })
    const key = await newVaultKey(() => account.signTypedData(vaultMessage(network.networkId)))
    const output = await openOutput(out, { force, mode: 0o600 })
    await output.write(await sealVault({ ...vault, profiles: places.map(({ profile }) => profile) }, key))
    await output.commit()
    terminal.result({ type: 'restored', output: out, places: places.length }, out)
    const lost = places.filter(({ profile }) => !profile.derived).length
    terminal.note(`${places.length === 1 ? 'one place was' : `${places.length} places were`} found again`)
    if (lost > 0) terminal.note(`${lost} of them under a wallet; if it is lost too, ask your guardians`)
  },
})
