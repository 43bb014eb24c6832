import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { temporaryFolder } from './temporary-library.ts'

interface Measured {
  readonly grewBytes: number
  readonly ms: number
  readonly results: readonly string[]
}

describe('hostile archives', () => {
  it('are refused within bounded memory and time', async () => {
    const child = join(import.meta.dirname, 'import-bombs.child.ts')
    const { stdout } = await promisify(execFile)(process.execPath, [child, await temporaryFolder()])
    const measured: Measured = JSON.parse(stdout)
    expect(measured.results).toEqual([
      'honest.zip 0 TOO_LARGE',
      'lying.zip 0 BAD_ZIP',
      'tiny-lie.zip 0 BAD_ZIP',
      'in-assets.zip 1 ',
      'honest.bin 0 TOO_LARGE',
      'lying.bin 0 BAD_COMPRESSION',
      'entries.zip 0 TOO_MANY_ENTRIES',
    ])
    // 21 imports of bombs that would unpack to 256 MiB each; what stays is the garbage of one entry at a time.
    console.info(`bombs: memory grew by ${(measured.grewBytes / 1e6).toFixed(1)} MB, ${measured.ms.toFixed(0)} ms`)
    expect(measured.grewBytes).toBeLessThan(128 * 1024 * 1024)
    expect(measured.ms).toBeLessThan(20_000)
  })
})
