// The command line beside a station that has the boards: one clear line, and the exit code of a station that cannot work.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { holdUsb } from '../../src/main/desk/usb-lock.ts'
import { readCommandLine } from '../../src/main/headless/arguments.ts'
import { exitCodeOf, isStationFault } from '../../src/main/headless/exit-codes.ts'
import { surveyBench } from '../../src/main/headless/survey-bench.ts'
import { Fault } from '../../src/shared/fault/fault.ts'

// Windows names that folder otherwise.
describe.skipIf(process.platform === 'win32')('devices and identify', () => {
  it('do not look at boards that a station works on', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'usb-in-use-'))
    // The lock of this computer lies in its folder for temporary files; this test has a computer of its own.
    const before = process.env['TMPDIR']
    process.env['TMPDIR'] = folder
    onTestFinished(() => {
      if (before === undefined) delete process.env['TMPDIR']
      else process.env['TMPDIR'] = before
      rmSync(folder, { recursive: true, force: true })
    })
    const release = holdUsb({ kind: 'usb' })
    const refused = await surveyBench(readCommandLine(['devices'])).catch((thrown: unknown) => thrown)
    release()
    expect(refused).toBeInstanceOf(Fault)
    expect((refused as Fault).message).toMatch(/^USB_IN_USE: another station [^\n]*$/)
    expect(exitCodeOf(refused as Fault)).toBe(3)
    expect(isStationFault('USB_IN_USE')).toBe(true)
  })
})
