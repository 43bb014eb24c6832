import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { dumpFlash, writeDump, writeFlashDump } from '../../src/main/sim/dump-flash.ts'
import { benchOf, openDfu } from './dfu-host.ts'
import { kindBench } from './generic/kind-bench.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dump-'))
})
afterEach(() => rm(folder, { recursive: true }))

it('dumps every memory of a board as it is', async () => {
  const { bus, board } = benchOf({ platform: 'boron', start: 'dfu' })
  const host = await openDfu(bus)
  await host.home()
  for (const [alternate, address] of [
    [0, 0xb4000],
    [2, 0x80001000],
    [1, 100],
  ] as const) {
    await host.device.selectAlternate(0, alternate)
    await host.erase(address)
    await host.setAddress(address)
    await host.download(2, [alternate, 2, 3])
  }
  const dump = dumpFlash(board)
  expect(dump.internal).toHaveLength(1024 * 1024)
  expect([...dump.internal.subarray(0xb4000, 0xb4004)]).toEqual([0, 2, 3, 0xff])
  expect([...(dump.external ?? []).slice(0x1000, 0x1004)]).toEqual([2, 2, 3, 0xff])
  const names = await writeFlashDump(board, join(folder, 'new'))
  const { deviceId } = board.facts()
  expect(names).toEqual([0, 1, 2].map((alternate) => `${deviceId}-alt${alternate}.bin`))
  expect((await readFile(join(folder, 'new', `${deviceId}-alt1.bin`)))[100]).toBe(1)
  expect(Buffer.compare(await readFile(join(folder, 'new', `${deviceId}-alt0.bin`)), dump.internal)).toBe(0)
})

it('dumps every memory of a device that is no board under the name of its port, and a mouse has none', async () => {
  const { bus, device } = kindBench('stm32', { serial: 'same' })
  const [place] = bus.occupants()
  if (!place) return expect.unreachable()
  const names = await writeDump(place, join(folder, 'new'))
  expect(names).toEqual([0, 1, 2, 3].map((alternate) => `${place.portPath}-alt${alternate}.bin`))
  for (const [alternate, name] of names.entries()) {
    expect(Buffer.compare(await readFile(join(folder, 'new', name)), device.memory(alternate))).toBe(0)
  }
  const [mouse] = kindBench('mouse').bus.occupants()
  expect(mouse && (await writeDump(mouse, join(folder, 'new')))).toEqual([])
})
