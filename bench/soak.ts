/**
 * Half an hour of bad weather. `npm run bench -- soak`.
 *
 * Storage nodes, reconstructors and key nodes die, lie and return, as many at a time as a record may lose, while people
 * deposit and read. Nothing may come out that was not put in, and nobody honest may be convicted. Then all nodes
 * return, deposits that were cut off go on, and the books are held against what was done: each acknowledged deposit is
 * anchored once and nothing else is, each reading by the doctor was logged, every record opens while two nodes are away, four pairs in turn.
 *
 * `MINUTES=30 SEED=1 npm run bench -- soak`; the counts are kept in bench/results/soak.json.
 */
import { startWholeNetwork } from '../test/helpers/whole-network.ts'
import { createRandom } from '../test/kills/random.ts'
import { writeResults } from './results.ts'
import { openBooks } from './soak/books.ts'
import { depositing, type Life, reading } from './soak/people.ts'
import { reckon } from './soak/reckon.ts'
import { weather } from './soak/weather.ts'

const minutes = Number(process.env.MINUTES ?? 30)
const seed = Number(process.env.SEED ?? 1)
const say = (text: string) => void process.stdout.write(`${text}\n`)

const whole = await startWholeNetwork({ storage: 8, keys: 3, k: 2, workers: 2 })
const books = openBooks()
const doctor = await whole.newDoctor()
const end = performance.now() + minutes * 60_000
const until = () => performance.now() > end
const life = (part: number): Life => ({ whole, books, random: createRandom(seed + part), until })
const watch = setInterval(
  () => say(`${books.deposited.length} deposited, ${[...books.counts.values()].reduce((a, b) => a + b, 0)} events`),
  30_000,
)

// Whatever the others do, the weather changes until its time is over, and is good afterwards.
await Promise.all([
  weather(whole, books, createRandom(seed), until),
  depositing(life(1), await whole.newPatient()),
  depositing(life(2), await whole.newPatient()),
  reading(life(3), doctor),
  reading(life(4), doctor),
]).catch((error: unknown) => books.wrong.push(String(error).slice(0, 500)))
clearInterval(watch)
const wrong = await reckon(whole, doctor, books)
await whole.close()
const counts = [...books.counts].sort()
for (const [what, times] of counts) say(`${String(times).padStart(7)}  ${what}`)
for (const one of wrong.slice(0, 50)) say(`  WRONG  ${one}`)
const records = books.deposited.length
await writeResults('soak', { minutes, seed, records, events: Object.fromEntries(counts), wrong })
say(`seed ${seed}, ${minutes} minutes: ${records} records, ${wrong.length} wrong`)
process.exit(wrong.length === 0 ? 0 : 1)
