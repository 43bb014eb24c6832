// The library is opened by two processes at once, the desk and the USB process, and by the command line beside a
// running station: reading never sees half a set.
import { fork } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { openLibrary } from '../../src/main/station/firmware/library.ts'
import { sha256Of } from '../../src/main/station/firmware/module-suffix.ts'
import { systemClock } from '../../src/main/station/system-clock.ts'
import { temporaryFolder } from './desk-under-test.ts'
import { demoFiles, layOutDemo } from './samples.ts'

const child = fileURLToPath(new URL('./importing-child.ts', import.meta.url))

describe('a library that several processes use at once', () => {
  it('is opened, read and written without a set ever being half there', async () => {
    const folder = temporaryFolder()
    const source = join(folder, 'source')
    layOutDemo(source)
    const libraryFolder = join(folder, 'library')
    const importers = [1, 2].map(() => fork(child, [libraryFolder, source], { stdio: 'inherit' }))
    const codes = Promise.all(importers.map((each) => new Promise((resolve) => each.on('exit', resolve))))
    const running = { now: true }
    void codes.then(() => {
      running.now = false
    })
    let looks = 0
    while (running.now) {
      const library = await openLibrary(libraryFolder, { clock: systemClock })
      expect(await library.damaged()).toEqual([])
      for (const module of await library.modules()) {
        expect(sha256Of(await library.bytesOf(module))).toBe(module.sha256)
      }
      for (const set of await library.sets()) expect(set.lacks).toEqual([])
      looks += 1
    }
    expect(await codes).toEqual([0, 0])
    expect(looks).toBeGreaterThan(2)
    const library = await openLibrary(libraryFolder, { clock: systemClock })
    expect(await library.modules()).toHaveLength(demoFiles.length)
    expect(await library.sets()).toHaveLength(3)
  })
})
