/** Draws the pictures of docs/measurements.md anew from the kept results. `npm run bench -- plots`. */
import { drawPaper, drawReader, drawShare } from './share/pictures.ts'

await drawPaper()
await drawReader()
await drawShare()
