// The quirks that a user wrote: told to every USB process before its first board, and a mistake in them to everybody.
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readUserQuirks } from '../../src/main/desk/user-quirks.ts'
import { playedDesk, temporaryFolder } from './desk-under-test.ts'

const good = '[USB\\VID_1209&PID_0002]\nFlags = will-disappear\n'
const bad = '[USB\\VID_1209&PID_0002]\nwill-disappear\n'
const told = 'devices.quirk, line 2: a line is a section, a comment or "Key = value": will-disappear'

function fileOf(content: string | Uint8Array): string {
  const file = join(temporaryFolder(), 'devices.quirk')
  writeFileSync(file, content)
  return file
}

describe('the quirk file of a station', () => {
  it('is read as it is, and need not be there', () => {
    expect(readUserQuirks(fileOf(good))).toEqual({ text: good, fault: null })
    expect(readUserQuirks(join(temporaryFolder(), 'devices.quirk'))).toEqual({ text: '', fault: null })
  })

  it('is not in force with a mistake, and says where it is', () => {
    expect(readUserQuirks(fileOf(good + bad))).toEqual({
      text: '',
      fault: { code: 'QUIRKS_INVALID', detail: told.replace('line 2', 'line 4') },
    })
  })

  it.each([
    ['bytes that are no text', () => fileOf(Uint8Array.of(0x5b, 0xff, 0xfe, 0x5d))],
    ['far too much', () => fileOf(new Uint8Array(4 * 1024 * 1024 + 1))],
    [
      'a folder',
      () => {
        const file = join(temporaryFolder(), 'devices.quirk')
        mkdirSync(file)
        return file
      },
    ],
  ])('is not in force where it is %s', (_what, make) => {
    const { text, fault } = readUserQuirks(make())
    expect([text, fault?.code]).toEqual(['', 'QUIRKS_INVALID'])
    expect(fault?.detail).toContain('devices.quirk cannot be read')
  })

  it.skipIf(process.getuid?.() === 0)('is not in force where this user may not read it', () => {
    const file = fileOf(good)
    chmodSync(file, 0)
    expect(readUserQuirks(file)).toMatchObject({ text: '', fault: { code: 'QUIRKS_INVALID' } })
  })
})

describe('a station', () => {
  it('tells its USB process the quirks before anything else', async () => {
    const dataFolder = temporaryFolder()
    writeFileSync(join(dataFolder, 'devices.quirk'), good)
    const under = await playedDesk({ dataFolder })
    expect(under.commands()[0]).toEqual({ kind: 'quirks', text: good })
    expect(under.station().quirkWarning).toBeNull()
  })

  it('works without those that have a mistake, and says so wherever it is looked at', async () => {
    const dataFolder = temporaryFolder()
    writeFileSync(join(dataFolder, 'devices.quirk'), bad)
    const under = await playedDesk({ dataFolder })
    const warning = `The quirk file of this station cannot be read: ${told}`
    expect(under.commands()[0]).toEqual({ kind: 'quirks', text: '' })
    expect(under.station().quirkWarning).toBe(warning)
    expect(under.log.lines).toContain(`error: ${warning}`)
  })

  it('has the mistake, and its own rows, among the findings of the doctor', async () => {
    const dataFolder = temporaryFolder()
    const file = join(dataFolder, 'devices.quirk')
    const under = await playedDesk({ dataFolder })
    const finding = async () =>
      (await under.call('examineStation', {})).find(({ name }) => name === 'Quirks of devices')
    expect(await finding()).toMatchObject({ ok: true, detail: 'none beside the built-in ones', remedy: null })
    writeFileSync(file, good)
    expect(await finding()).toMatchObject({ ok: true, detail: '1 of this station beside the built-in ones' })
    writeFileSync(file, bad)
    expect(await finding()).toMatchObject({ ok: false, detail: told })
    expect((await finding())?.remedy).toMatch(/docs\/quirks\.md/)
  })

  it('reads the file anew when a USB process starts: what was mended holds, and the warning is gone', async () => {
    const dataFolder = temporaryFolder()
    const file = join(dataFolder, 'devices.quirk')
    writeFileSync(file, bad)
    const under = await playedDesk({ dataFolder })
    writeFileSync(file, good)
    await under.call('setSimulation', { on: true })
    expect(under.commands()[0]).toEqual({ kind: 'quirks', text: good })
    expect(under.station().quirkWarning).toBeNull()
  })
})
