// upload: a memory of one board in a file, the board as it was before, and no other board opened.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { chooseMemory } from '../../src/main/headless/choose-memory.ts'
import { openMemory } from '../../src/main/headless/memory-source.ts'
import { savedFile } from '../../src/main/headless/saved-memory.ts'
import type { SimulatedBoard } from '../../src/main/sim/simulated-board.ts'
import { parseMemoryMap } from '../../src/main/station/dfu/memory-map.ts'
import { sha256Of } from '../../src/main/station/firmware/module-suffix.ts'
import { parseImage } from '../../src/main/station/images/parse-image.ts'
import { systemClock } from '../../src/main/station/system-clock.ts'
import { jsonLines, linesOf, station, temporaryFolder } from './run-station.ts'
import { benchText, watchedBench } from './watched-bench.ts'

function upload(folder: string, file: string, ...words: readonly string[]) {
  const out = join(folder, file)
  const ended = station('upload', '--port', '1-1.1', '--out', out, '--data', join(folder, 'data'), ...words)
  return ended.then((each) => ({ ...each, out }))
}

describe('upload', () => {
  it('saves the memory of a device whose program runs, and says its SHA-256', async () => {
    const { out, ...ended } = await upload(temporaryFolder(), 'a.bin', '--sim', 'dfu:2', '--sim-speed', '0')
    expect(ended).toMatchObject({ code: 0, stderr: 'Reading Program of 1209:0002 on 1-1.1.\n' })
    const bytes = readFileSync(out)
    expect(bytes.length).toBe(128 * 1024)
    expect(ended.stdout).toContain(`SHA-256 ${sha256Of(bytes)}`)
  })

  it('tells progress while it reads', async () => {
    const { code, stderr } = await upload(temporaryFolder(), 'a.bin', '--sim', 'stm32:1', '--sim-speed', '2')
    expect(code).toBe(0)
    expect(stderr).toMatch(/^read \d+ of 1048576 bytes$/m)
  })

  it('gives a file that ends in .dfu its suffix, and a DfuSe device its addresses', async () => {
    const folder = temporaryFolder()
    const { out, ...ended } = await upload(folder, 'a.dfu', '--sim', 'stm32:1', '--sim-speed', '0', '--json')
    const [line] = jsonLines(ended.stdout)
    const { image, pieces } = parseImage(readFileSync(out), { name: 'a.dfu' })
    expect(image).toMatchObject({
      ...{ format: 'dfuse', vendorId: 0x0483, productId: 0xdf11, revision: null },
      elements: [{ alternate: 0, address: 0x0800_0000, sizeBytes: 1024 * 1024 }],
    })
    expect(line).toEqual({
      uploaded: {
        ...{ portPath: '1-1.1', usbId: '0483:df11', protocol: 'dfuse', alternate: 0, memory: 'Internal Flash' },
        ...{ address: 0x0800_0000, sizeBytes: 1024 * 1024, file: out, sha256: sha256Of(pieces[0] as Uint8Array) },
      },
    })
  })

  it('gives a plain device the version of the program that ran', async () => {
    const { out } = await upload(temporaryFolder(), 'a.dfu', '--sim', 'dfu:1', '--sim-speed', '0')
    expect(parseImage(readFileSync(out), { name: 'a.dfu' }).image).toMatchObject({
      ...{ format: 'dfu', vendorId: 0x1209, productId: 2, revision: 0x0100 },
      elements: [{ address: null, sizeBytes: 128 * 1024 }],
    })
  })

  it('takes the memory, the address and the size that were asked for', async () => {
    const folder = temporaryFolder()
    const range = ['--memory', 'internal', '--address', '0x08000100', '--size', '300']
    const { out, ...ended } = await upload(folder, 'a.bin', '--sim', 'stm32:1', '--sim-speed', '0', ...range, '--json')
    expect(readFileSync(out)).toHaveLength(300)
    expect(jsonLines(ended.stdout)[0]).toMatchObject({ uploaded: { address: 0x0800_0100, sizeBytes: 300 } })
    const otp = await upload(folder, 'otp.bin', '--sim', 'stm32:1', '--sim-speed', '0', '--memory', '2', '--json')
    expect(jsonLines(otp.stdout)[0]).toMatchObject({ uploaded: { memory: 'OTP Memory', alternate: 2, sizeBytes: 528 } })
  })

  it('replaces no file unless that was said, and touches no device for it', async () => {
    const folder = temporaryFolder()
    const bench = ['--sim', 'dfu:1', '--sim-speed', '0']
    writeFileSync(join(folder, 'a.bin'), 'precious')
    const refused = await upload(folder, 'a.bin', ...bench)
    expect(refused).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(/is there already; --force/) })
    expect(readFileSync(refused.out, 'utf8')).toBe('precious')
    expect(await upload(folder, 'a.bin', ...bench, '--force')).toMatchObject({ code: 0 })
    expect(readFileSync(refused.out)).toHaveLength(128 * 1024)
  })

  const wrong: readonly (readonly [string, readonly string[], number, RegExp])[] = [
    ['a port with nobody', ['--sim', 'boron:1', '--port', '1-7'], 2, /^CALL_REJECTED: nothing is on port 1-7/],
    ['a Particle board that runs', ['--sim', 'boron:1'], 1, /^DFU_BY_BUTTON: the boron on 1-1\.1 runs .*MODE/],
    ['a memory that it has not', ['--sim', 'stm32:1', '--memory', 'Eeprom'], 2, /it has 0 Internal Flash, 1 Option/],
    ['an address of plain DFU', ['--sim', 'dfu:1', '--address', '0x100'], 2, /plain DFU, which has no addresses/],
    ['an address outside', ['--sim', 'stm32:1', '--address', '0x1000', '--size', '9'], 1, /^DFU_ADDRESS_FORBIDDEN/],
    ['a device that cannot upload', ['--sim', 'NO-UPLOAD'], 1, /^DFU_UPLOAD_UNSUPPORTED/],
  ]
  it.each(wrong)('of %s is refused in one line, and leaves no file', async (...row) => {
    const [, words, code, says] = row
    const folder = temporaryFolder()
    const bench = join(folder, 'bench.json')
    writeFileSync(bench, benchText([{ platform: 'dfu', device: { attributes: ['download', 'will-detach'] } }]))
    const named = words.map((word) => (word === 'NO-UPLOAD' ? bench : word))
    const ended = await upload(folder, 'a.bin', '--sim-speed', '0', ...named)
    expect(ended).toMatchObject({ code, stdout: '' })
    expect(linesOf(ended.stderr).filter((line) => !line.startsWith('Reading '))).toEqual([expect.stringMatching(says)])
    expect(existsSync(ended.out)).toBe(false)
    expect(readdirSync(folder).filter((name) => name.startsWith('a.bin'))).toEqual([])
  })
})

const whole = { memory: null, address: null, sizeBytes: null }

describe('the memory of one board', () => {
  it('is what the device holds, and the device runs its program again afterwards', async () => {
    const { bus, tools, opened, occupant } = await watchedBench('dfu:3')
    const [, device] = bus.devices()
    if (!device) throw new Error('no device')
    const source = await openMemory(device, tools)
    const bytes = await source.read({ ...chooseMemory(source, whole), onProgress: () => undefined })
    expect(await source.end()).toBeNull()
    const held = occupant('1-1.2')
    if (held?.kind !== 'dfu-device') throw new Error('no device')
    expect(sha256Of(bytes)).toBe(sha256Of(held.memory(0)))
    while (held.mode() !== 'normal') await systemClock.sleep(5)
    expect([...new Set(opened)]).toEqual(['1-1.2'])
  })

  it('is read of a Particle board in DFU mode, which stays there', async () => {
    const { bus, tools, occupant } = await watchedBench(benchText([{ platform: 'boron', start: 'dfu' }]))
    const [device] = bus.devices()
    if (!device) throw new Error('no board')
    const source = await openMemory(device, tools)
    const memory = chooseMemory(source, { memory: 'internal', address: 0x3_0000, sizeBytes: 4096 })
    const bytes = await source.read({ ...memory, onProgress: () => undefined })
    await source.end()
    const board = occupant('1-1.1') as SimulatedBoard
    expect(sha256Of(bytes)).toBe(sha256Of(board.chips.internal.read(0x3_0000, 4096)))
    expect(board.mode()).toBe('dfu')
  })
})

const map = (text: string, alternate = 0) => ({ alternate, name: text, map: parseMemoryMap(text) })

describe('what is read of a memory', () => {
  it('begins where it can be read, ends before a gap, and says what is left out', () => {
    const gap = map('@Flash/0x0000/1*1Kb/0x1000/2*1Kg/0x8000/1*1Kg')
    expect(chooseMemory({ protocol: 'dfuse', memories: [gap] }, whole)).toEqual({
      ...{ alternate: 0, name: 'Flash', address: 0x1000, sizeBytes: 2048 },
      note: 'Flash goes on behind a gap; --address reads from there',
    })
    expect(chooseMemory({ protocol: 'dfuse', memories: [gap] }, { ...whole, address: 0x8000 })).toMatchObject({
      ...{ address: 0x8000, sizeBytes: 1024, note: null },
    })
  })

  it('has to be told where nothing tells it', () => {
    const bare = { alternate: 3, name: null, map: null }
    const choose = (wish: Partial<typeof whole>) =>
      chooseMemory({ protocol: 'dfuse', memories: [bare] }, { ...whole, ...wish })
    expect(() => choose({})).toThrow(/^CALL_REJECTED: alt 3 tells no addresses/)
    expect(() => choose({ address: 0 } as never)).toThrow(/^CALL_REJECTED: alt 3 does not tell how much/)
    expect(choose({ address: 0, sizeBytes: 9 } as never)).toMatchObject({ address: 0, sizeBytes: 9, alternate: 3 })
  })

  it('is chosen by number or by the start of its name', () => {
    const memories = [map('@Internal Flash /0x0/1*1Kg'), map('@Option Bytes /0x100/1*016 e', 1)]
    const choose = (memory: number | string) =>
      chooseMemory({ protocol: 'dfuse', memories }, { ...whole, memory } as never)
    expect(
      [choose(1), choose('option'), choose('@Option Bytes'), choose('INT')].map(({ alternate }) => alternate),
    ).toEqual([1, 1, 1, 0])
    expect(() => choose(2)).toThrow(/it has 0 Internal Flash, 1 Option Bytes/)
  })
})

it('a saved file is read back as it was saved, whatever the name of its memory', () => {
  const bytes = Uint8Array.from({ length: 77 }, (_, at) => at)
  const device = { vendorId: 0x1209, productId: 3, revision: 0x0203 }
  const saved = { bytes, alternate: 5, name: `Flash\u00e4 ${'x'.repeat(300)}`, address: 0x2000, device }
  const dfuse = parseImage(savedFile('a.DFU', { ...saved, protocol: 'dfuse' }), { name: 'a.DFU' })
  expect(dfuse.image).toMatchObject({ ...device, elements: [{ alternate: 5, address: 0x2000, sizeBytes: 77 }] })
  const plain = parseImage(savedFile('a.dfu', { ...saved, protocol: 'dfu' }), { name: 'a.dfu' })
  expect(plain.image).toMatchObject({ ...device, format: 'dfu', elements: [{ address: null, sizeBytes: 77 }] })
  for (const { pieces } of [dfuse, plain]) expect([...(pieces[0] ?? [])]).toEqual([...bytes])
  expect(savedFile('a.bin', { ...saved, protocol: 'dfuse' })).toBe(bytes)
})
