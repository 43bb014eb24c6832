// Walks a ledger forward in a process of its own and stands still when all of the last step is done and nothing of it is
// committed, so that it can be killed there.
import { writeSync } from 'node:fs'
import { type Migration, migrations } from '../../src/main/audit/migrations/migrations.ts'
import { openForWriting } from '../../src/main/audit/open-database.ts'

const [, , file = ''] = process.argv
const stopping = migrations.map(
  (migration, index): Migration =>
    index < migrations.length - 1
      ? migration
      : (database) => {
          // Too little memory to hold what changes: it goes to the disk before it is committed.
          database.pragma('cache_size = 1')
          migration(database)
          writeSync(1, 'inside\n')
          Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
        },
)
openForWriting(file, { migrations: stopping, now: Date.now })
