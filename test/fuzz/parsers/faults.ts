import { encodeFaultFile, judgeFault, parseFaultFile } from '@sharewell/sdk/place'
import { tellLies } from '../../helpers/fault-files.ts'
import { paperNetwork } from '../../helpers/parties.ts'
import { type Driven, target } from '../drive.ts'
import { bittenJson } from './samples.ts'

/** Proofs that somebody lied, as whoever accuses hands them in. */
export async function faultFiles(): Promise<Readonly<Record<string, Driven>>> {
  const { file, truth, renewed } = await tellLies(paperNetwork())
  const whole = [file.share, file.frame, truth.share, truth.frame, renewed].map((one) =>
    JSON.parse(encodeFaultFile(one)),
  )
  const upload = JSON.parse(encodeFaultFile(file.upload))
  // Bodies of a few bytes: what they are is not the parser's matter.
  for (const part of upload.proof.parts) part.body = part.body.slice(0, 40)
  const anyone = { verifyShare: async () => true, verifyFrame: async () => true }
  return {
    'fault file': target({
      make: (random) => bittenJson([...whole, upload], random),
      parse: (bytes) => judgeFault(parseFaultFile(bytes), anyone),
      codes: ['FAULT_FILE', 'FAULT_REFUSED'],
    }),
  }
}
