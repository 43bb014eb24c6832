// The log of a benchmark: warnings belong on the screen of whoever runs it, for they mean that it measures something
// else.
import type { Log } from '../../src/main/station/ports.ts'

const quiet = () => undefined
const loud = (text: string) => void process.stderr.write(`${text}\n`)

export const benchLog: Log = { debug: quiet, info: quiet, warn: loud, error: loud, child: () => benchLog }
