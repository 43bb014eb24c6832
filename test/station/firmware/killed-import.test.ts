import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openLibrary } from '../../../src/main/station/firmware/library.ts'
import { systemClock } from '../../../src/main/station/system-clock.ts'
import { temporaryFolder } from './temporary-library.ts'

const longestMs = 71

describe('a library whose station is killed', () => {
  it('holds whole sets and their files, and whole images, whenever that happens', async () => {
    const folder = await temporaryFolder()
    const child = join(import.meta.dirname, 'import-loop.child.ts')
    for (const lifeMs of [0, 3, 11, 29, longestMs]) {
      const running = spawn(process.execPath, [child, folder], { stdio: ['ignore', 'pipe', 'inherit'] })
      await once(running.stdout, 'data')
      // The last one lives for a whole round at least, however busy the computer is.
      if (lifeMs === longestMs) await once(running.stdout, 'data')
      await systemClock.sleep(lifeMs)
      running.kill('SIGKILL')
      await once(running, 'exit')
      const library = await openLibrary(folder, { clock: systemClock })
      expect(await library.damaged()).toEqual([])
      for (const { sha256 } of (await library.images.list()).files) await library.imageOf(sha256)
      for (const set of await library.sets()) {
        expect(set.modules).toHaveLength(3)
        for (const module of set.modules) await library.bytesOf(module)
      }
    }
    const library = await openLibrary(folder, { clock: systemClock })
    expect(await library.findSet('photon', '2.3.1')).not.toBeNull()
    expect((await library.images.list()).files.length).toBeGreaterThan(0)
  })
})
