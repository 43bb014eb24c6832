// quirks: the table of a station and what is in force for one device, from files alone.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { readCommandLine } from '../../src/main/headless/arguments.ts'
import { quirks } from '../../src/main/headless/commands/quirks.ts'
import type { Output } from '../../src/main/headless/output.ts'
import { stationQuirks } from '../../src/main/station/devices/known-quirks.ts'
import { parseQuirks, quirkText } from '../../src/main/station/devices/quirk-file.ts'

interface Told {
  readonly code: number
  readonly objects: readonly unknown[]
  readonly text: string
  readonly notes: readonly string[]
}

async function run(words: readonly string[], file?: string): Promise<Told> {
  const data = mkdtempSync(join(tmpdir(), 'station-quirks-'))
  onTestFinished(() => rmSync(data, { recursive: true, force: true }))
  if (file !== undefined) writeFileSync(join(data, 'devices.quirk'), file)
  const objects: unknown[] = []
  const lines: string[] = []
  const notes: string[] = []
  const output: Output = {
    json: false,
    result: (object, line) => {
      objects.push(object)
      lines.push(line)
    },
    text: async () => true,
    note: (line) => notes.push(line),
  }
  const code = await quirks(readCommandLine(['quirks', ...words, '--data', data]), output)
  return { code, objects, text: lines.join('\n'), notes }
}

const ours = '[USB\\VID_0483&PID_DF11]\nFlags = ~will-disappear,signed-payload\nDfuForceTimeout = 9000\nIcon2 = x\n'

describe('the table', () => {
  it('has the rows of the station, each with its origin, and is a quirk file again', async () => {
    const { code, objects, text } = await run([], ours)
    expect(code).toBe(0)
    expect(objects).toHaveLength(stationQuirks(ours).rows.length)
    expect(objects[0]).toMatchObject({ section: 'USB\\VID_0483&PID_DF11', origin: 'built in', unused: [] })
    expect(objects.at(-1)).toMatchObject({ origin: 'devices.quirk', line: 1, unused: ['signed-payload', 'Icon2'] })
    expect(text).toContain('# devices.quirk, line 1\n# not used here: signed-payload, Icon2\n[USB\\VID_0483&PID_DF11]')
    expect(parseQuirks(text, 'x').rows.map(quirkText)).toEqual(stationQuirks(ours).rows.map(quirkText))
  })

  it('is that of a station whose file has a mistake, which is told with its line', async () => {
    const { code, objects, notes } = await run([], `${ours}nonsense`)
    expect([code, objects.length]).toEqual([2, stationQuirks(null).rows.length])
    expect(notes).toEqual([
      'QUIRKS_INVALID: devices.quirk, line 5: a line is a section, a comment or "Key = value": nonsense',
    ])
  })
})

describe('one device', () => {
  it('is told its names, its GUIDs and what is in force, with where that is from', async () => {
    const { code, text, objects } = await run(['0483:DF11'], ours)
    expect(code).toBe(0)
    expect(text).toBe(
      [
        '0483:df11',
        '  5aea1200-2286-5819-93e6-3b5548b6c88a  USB\\VID_0483&PID_DF11',
        '  many products share this loader: ROM of ST STM32, and of those who copied its ids',
        '  in force: absent-sector-size, DfuForceVersion=0x011a, DfuForceTimeout=9000',
        '    not used here: signed-payload, Icon2',
        '    from [USB\\VID_0483&PID_DF11], built in, line 3',
        '    from [USB\\VID_0483&PID_DF11], devices.quirk, line 1',
      ].join('\n'),
    )
    expect(objects).toMatchObject([{ usbId: '0483:df11', inForce: [{ revision: null }] }])
  })

  it('is told apart by its revision, where rows do', async () => {
    const inForce = (told: Told) => told.text.split('\n').filter((line) => line.includes('in force'))
    expect(inForce(await run(['1eaf:0003']))).toEqual([
      '  in force: nothing',
      '  in force at revision 0x0200: DfuForceVersion=0x0110',
    ])
    expect(inForce(await run(['USB\\VID_1EAF&PID_0003&REV_0200']))).toEqual([
      '  in force at revision 0x0200: DfuForceVersion=0x0110',
    ])
    expect(inForce(await run(['1eaf:0003:0100']))).toEqual(['  in force at revision 0x0100: nothing'])
    const zero = '[USB\\VID_1209&PID_0001&REV_0000]\nFlags = gd32\n[USB\\VID_1209&PID_0001&REV_0001]\nFlags = gd32'
    expect(inForce(await run(['1209:0001'], zero))).toEqual([
      '  in force: nothing',
      '  in force at revision 0x0000: gd32',
      '  in force at revision 0x0001: gd32',
    ])
  })

  it.each(['', 'stm32', '0483', '483:df11', 'USB\\VID_0483'])('is not "%s"', async (name) => {
    await expect(run([name])).rejects.toThrow('quirks: wants a device as 1d50:5119')
  })
})
