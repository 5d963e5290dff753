/** Draws the pictures of docs/measurements.md anew from the kept results. `npm run bench -- plots`. */
import { drawLeopard, drawPaper, drawReader, drawShare } from './share/pictures.ts'

await drawLeopard()
await drawPaper()
await drawReader()
await drawShare()
