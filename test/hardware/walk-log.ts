// The station's log during the walk: warnings and errors to standard error.
import type { Log } from '../../src/main/station/ports.ts'

export const stderrLog: Log = {
  debug: () => {},
  info: () => {},
  warn: (text) => process.stderr.write(`warning: ${text}\n`),
  error: (text) => process.stderr.write(`error: ${text}\n`),
  child: () => stderrLog,
}
