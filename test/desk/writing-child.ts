// Writes one file over and over, each time in another letter, until it is killed.
import { writeAtomically } from '../../src/main/desk/write-atomically.ts'

const [, , file = ''] = process.argv
process.send?.('writing')
for (let n = 0; ; n += 1) writeAtomically(file, String.fromCharCode(97 + (n % 26)).repeat(200_000))
