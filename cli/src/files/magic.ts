import { utf8 } from '@sharewell/sdk/bytes'

/** First bytes of a sealed file: a line that `head -1` shows. docs/spec/sealed-file.md. */
export const sealedMagic = utf8('sharewell sealed file 1\n')
/** First bytes of a share file. */
export const shareMagic = utf8('sharewell share file 1\n')
/** Last bytes of both: without them the file was cut short. */
export const endMagic = utf8('\nend\n')
