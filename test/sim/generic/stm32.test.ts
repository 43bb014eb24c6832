import { describe, expect, it } from 'vitest'
import { type ProgramShow, stProgram } from '../../../src/main/sim/generic/st-program.ts'
import { noise } from '../../../src/main/sim/synthetic/noise.ts'
import { flashBase, openRom, type StHost, stBench } from './st-bench.ts'

const ids = { vendorId: 0x1209, productId: 0x0008 }
const programOf = (shows: ProgramShow, base = flashBase) =>
  stProgram({ ids, release: 0x0207, shows }, base, noise('program', 30_000))

async function flash(host: StHost, image: Uint8Array, base = flashBase) {
  for (let at = base; at < base + image.length; at += 0x4000) expect(await host.erase(at)).toMatchObject({ status: 0 })
  expect(await host.write(base, image)).toMatchObject({ status: 0, state: 5 })
}

describe('the ROM of an STM32', () => {
  it('says of itself what a real one says', async () => {
    const bench = stBench()
    const host = await openRom(bench)
    const { usb } = host
    expect([usb.vendorId, usb.productId, usb.deviceRelease]).toEqual([0x0483, 0xdf11, 0x2200])
    const bytes = [...usb.configuration()]
    expect(bytes.slice(0, 9)).toEqual([9, 2, 54, 0, 1, 1, 0, 0xc0, 0x32])
    expect(bytes.slice(9, 18)).toEqual([9, 4, 0, 0, 0, 0xfe, 1, 2, 4])
    expect(bytes.slice(-9)).toEqual([9, 0x21, 0x0b, 255, 0, 0, 8, 0x1a, 1])
    expect(await host.texts()).toEqual([
      '@Internal Flash  /0x08000000/04*016Kg,01*064Kg,07*128Kg',
      '@Option Bytes  /0x1FFFC000/01*016 e',
      '@OTP Memory /0x1FFF7800/01*512 e,01*016 e',
      '@Device Feature/0xFFFF0000/01*004 e',
    ])
    expect([...(await host.read(2, 0, 64))]).toEqual([0x00, 0x21, 0x41, 0x92])
  })

  it('is written, read back, and left for a program that shows its own version', async () => {
    const bench = stBench()
    const host = await openRom(bench)
    const image = programOf('no-dfu')
    await flash(host, image)
    expect(Buffer.from(await host.readBack(flashBase, image.length)).equals(image)).toBe(true)
    expect(await host.leave(flashBase)).toMatchObject({ status: 0, state: 7 })
    expect(await host.next()).toMatchObject({ vendorId: 0x1209, productId: 8, deviceRelease: 0x0207 })
  })
})
