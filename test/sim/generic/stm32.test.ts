import { describe, expect, it } from 'vitest'
import { type ProgramShow, stProgram } from '../../../src/main/sim/generic/st-program.ts'
import { noise } from '../../../src/main/sim/synthetic/noise.ts'
import { arrival, limits } from '../dfu-host.ts'
import { kindBench } from './kind-bench.ts'
import { flashBase, openRom, type StHost } from './st-host.ts'

const ids = { vendorId: 0x1209, productId: 0x0008 }
const programOf = (shows: ProgramShow, base = flashBase) =>
  stProgram({ ids, release: 0x0207, shows }, base, noise('program', 30_000))
const [optionBytes, otp, feature, wordAfterFlash] = [0x1fffc000, 0x1fff7800, 0xffff0000, 0x08100000]

async function flash(host: StHost, image: Uint8Array, base = flashBase) {
  for (let at = base; at < base + image.length; at += 0x4000) expect(await host.erase(at)).toMatchObject({ status: 0 })
  expect(await host.write(base, image)).toMatchObject({ status: 0, state: 5 })
}

describe('the ROM of an STM32', () => {
  it('says of itself what a real one says', async () => {
    const host = await openRom(kindBench('stm32'))
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

  it.each([
    ['stm32-f0', ['@Internal Flash  /0x08000000/064*0002Kg', '@Option Bytes  /0x1FFFF800/01*016 e']],
    [
      'stm32-l4',
      [
        '@Internal Flash  /0x08000000/0256*0002Kg',
        '@Option Bytes  /0x1FFF7800/01*040 e',
        '@OTP Memory /0x1FFF7000/01*0001Ke',
        '@Device Feature/0xFFFF0000/01*004 e',
      ],
    ],
    ['quirk-gd32', ['@Internal Flash  /0x08000000/512*002Kg', '@Option Bytes  /0x1FFFF800/01*016 g']],
  ] as const)('has another map as %s', async (kind, texts) => {
    expect(await (await openRom(kindBench(kind))).texts()).toEqual(texts)
  })

  it('has a serial number string of bytes as a GD32', async () => {
    const usb = await arrival(kindBench('quirk-gd32').bus)
    await usb.open(limits.signal)
    const setup = { requestType: 0x80, request: 6, value: 0x303, index: 0x409 }
    expect([...(await usb.controlIn(setup, 255, limits))]).toEqual([6, 3, 0x33, 0x43, 0x42, 0x4a])
  })

  it('is written, read back, and left for a program that shows its own version', async () => {
    const bench = kindBench('stm32')
    const host = await openRom(bench)
    const image = programOf('no-dfu')
    await flash(host, image)
    expect(Buffer.from(await host.readBack(flashBase, image.length)).equals(image)).toBe(true)
    expect(await host.leave(flashBase)).toMatchObject({ status: 0, state: 7 })
    expect(await host.next()).toMatchObject({ vendorId: 0x1209, productId: 8, deviceRelease: 0x0207 })
  })

  it('carries a command out after the first GETSTATUS, and tells at the second how it went', async () => {
    const bench = kindBench('stm32', { device: { program: 'dark' } })
    const host = await openRom(bench)
    await host.out(1, 0, Uint8Array.from([0x41, 0, 0, 0, 8]))
    expect(bench.device.memory(0)[0x200]).not.toBe(0xff)
    expect(await host.status()).toEqual({ status: 0, state: 4, pollMs: 400 })
    await bench.clock.sleep(400)
    expect(await host.status()).toEqual({ status: 0, state: 5, pollMs: 0 })
    expect(
      bench.device
        .memory(0)
        .subarray(0, 0x4000)
        .every((byte) => byte === 0xff),
    ).toBe(true)
  })

  it('takes the time of the data sheet for each sector and block', async () => {
    const host = await openRom(kindBench('stm32'))
    const told = async (block: number, data: readonly number[] | Uint8Array) => {
      await host.out(1, block, Uint8Array.from(data))
      const { pollMs } = await host.status()
      await host.status()
      return pollMs
    }
    expect(await told(0, [0x41, 0, 0, 1, 8])).toBe(1200)
    expect(await told(0, [0x41, 0, 0, 2, 8])).toBe(2000)
    expect(await told(2, new Uint8Array(2048))).toBe(33)
    expect(await told(2, new Uint8Array(64))).toBe(2)
  })

  it('tells too little of a mass erase, and answers nobody until it is done', async () => {
    const bench = kindBench('stm32', { device: { program: 'dark' } })
    const host = await openRom(bench)
    await host.out(1, 0, Uint8Array.from([0x41]))
    expect(await host.status()).toEqual({ status: 0, state: 4, pollMs: 100 })
    await bench.clock.sleep(100)
    await expect(host.status()).rejects.toThrow(/USB_TIMEOUT/)
    await bench.clock.sleep(11_000)
    expect(await host.status()).toEqual({ status: 0, state: 5, pollMs: 0 })
    expect(bench.device.memory(0).every((byte) => byte === 0xff)).toBe(true)
  })

  it('only clears bits where nothing was erased', async () => {
    const bench = kindBench('stm32')
    const host = await openRom(bench)
    await host.write(flashBase, Uint8Array.from([0xf0, 0x0f]))
    await host.write(flashBase, Uint8Array.from([0x3c, 0xff]))
    expect([...bench.device.memory(0).subarray(0, 2)]).toEqual([0x30, 0x0f])
    await host.erase(flashBase)
    await host.write(flashBase, Uint8Array.from([0x3c, 0xff]))
    expect([...bench.device.memory(0).subarray(0, 2)]).toEqual([0x3c, 0xff])
  })

  it('goes on from the address pointer, block by block, also when blocks are far apart', async () => {
    const bench = kindBench('stm32')
    const host = await openRom(bench)
    await host.setAddress(0x08004000)
    await host.did(5, [1, 2, 3])
    expect([...bench.device.memory(0).subarray(0x5800, 0x5803)]).toEqual([1, 2, 3])
  })
})

describe('the ROM refuses', () => {
  it.each([
    ['an address without memory', wordAfterFlash],
    ['the address that a zero makes', 0],
  ])('%s: errTARGET', async (_, address) => {
    const host = await openRom(kindBench('stm32'))
    for (const act of [host.setAddress, host.erase]) {
      expect(await act(address)).toMatchObject({ status: 1, state: 10 })
      await host.out(4, 0)
    }
  })

  it('blocks beyond the end, and erasing what cannot be erased: errTARGET', async () => {
    const host = await openRom(kindBench('stm32'))
    await host.setAddress(wordAfterFlash - 2048)
    expect(await host.did(2, new Uint8Array(2048))).toMatchObject({ status: 0 })
    expect(await host.did(3, new Uint8Array(1))).toMatchObject({ status: 1, state: 10 })
    await host.out(4, 0)
    expect(await host.erase(otp)).toMatchObject({ status: 1 })
    await host.out(4, 0)
    expect(await host.erase(optionBytes)).toMatchObject({ status: 1 })
  })

  it('to read where there is nothing, and ends an upload where the memory ends', async () => {
    const host = await openRom(kindBench('stm32'))
    await host.setAddress(wordAfterFlash - 1000)
    await host.out(6, 0)
    expect(await host.read(2, 2, 2048)).toHaveLength(1000)
    expect((await host.status()).state).toBe(2)
    await expect(host.read(2, 3, 2048)).rejects.toThrow(/USB_STALL/)
    expect(await host.status()).toMatchObject({ status: 1, state: 10 })
  })

  it.each([
    ['a command that it does not know', [0x77]],
    ['half an address', [0x21, 0, 0]],
  ])('%s: errSTALLEDPKT', async (_, command) => {
    const host = await openRom(kindBench('stm32'))
    expect(await host.did(0, command)).toMatchObject({ status: 0x0f, state: 10 })
  })

  it('block 1, more than 2048 bytes, and an upload in the middle of a download', async () => {
    const host = await openRom(kindBench('stm32'))
    const again = () => host.out(4, 0)
    await expect(host.out(1, 1, new Uint8Array(4))).rejects.toThrow(/USB_STALL/)
    await again()
    await expect(host.out(1, 2, new Uint8Array(2049))).rejects.toThrow(/USB_STALL/)
    await again()
    await host.setAddress(flashBase)
    await expect(host.read(2, 2, 2048)).rejects.toThrow(/USB_STALL/)
    await again()
    await expect(host.out(0, 1000)).rejects.toThrow(/USB_STALL/)
  })
})

describe('read protection', () => {
  it('refuses reads, writes and erases with errVENDOR, and is taken back by losing everything', async () => {
    const bench = kindBench('stm32-protected')
    const host = await openRom(bench)
    await expect(host.read(2, 2, 64)).rejects.toThrow(/USB_STALL/)
    expect(await host.status()).toMatchObject({ status: 0x0b, state: 10 })
    await host.out(4, 0)
    for (const act of [host.setAddress, host.erase]) {
      expect(await act(flashBase)).toMatchObject({ status: 0x0b, state: 10 })
      await host.out(4, 0)
    }
    expect(await host.did(2, [1])).toMatchObject({ status: 0x0b })
    await host.out(4, 0)
    expect(await host.did(0, [0x41])).toMatchObject({ status: 0x0b })
    await host.out(4, 0)
    await host.out(1, 0, Uint8Array.from([0x92]))
    expect(await host.status()).toMatchObject({ status: 0, state: 4 })
    await host.next()
    expect(bench.device.memory(0).every((byte) => byte === 0xff)).toBe(true)
    const again = await openRom(bench)
    expect(await again.write(flashBase, programOf('no-dfu'))).toMatchObject({ status: 0 })
  })

  it('stays when power is lost before everything is erased', async () => {
    const bench = kindBench('stm32-protected')
    const host = await openRom(bench)
    await host.out(1, 0, Uint8Array.from([0x92]))
    await host.status()
    await bench.clock.sleep(3000)
    bench.bus.unplug(bench.portPath)
    bench.bus.plug(bench.portPath, bench.device)
    const again = await openRom(bench)
    expect(await again.setAddress(flashBase)).toMatchObject({ status: 0x0b })
  })

  it('comes by the option bytes, which take effect by a reset', async () => {
    const bench = kindBench('stm32')
    const host = await openRom(bench)
    expect(await host.write(optionBytes, Uint8Array.from([0xef, 0x55]))).toMatchObject({ status: 0 })
    await host.next()
    const again = await openRom(bench)
    expect(await again.erase(flashBase)).toMatchObject({ status: 0x0b })
  })

  it('of level 2 is for ever: the ROM is never seen again', async () => {
    const bench = kindBench('stm32')
    const host = await openRom(bench)
    await host.write(optionBytes, Uint8Array.from([0xef, 0xcc]))
    await bench.clock.sleep(5000)
    expect([bench.device.mode(), bench.bus.devices()]).toEqual(['dark', []])
  })
})

describe('one-time bytes and the feature word', () => {
  it('can only lose bits, and not be written', async () => {
    const bench = kindBench('stm32')
    const host = await openRom(bench)
    await host.write(otp, Uint8Array.from([0xf0]))
    await host.write(otp, Uint8Array.from([0x3c]))
    expect(bench.device.memory(2)[0]).toBe(0x30)
    expect(await host.write(feature, Uint8Array.from([1, 2, 3, 4]))).toMatchObject({ status: 1 })
    await host.out(4, 0)
    expect(await host.readBack(feature, 4)).toHaveLength(4)
    expect(() => bench.device.memory(4)).toThrow(RangeError)
  })
})

describe('leaving the ROM', () => {
  it('runs the program at the address pointer, wherever that points', async () => {
    const bench = kindBench('stm32')
    const host = await openRom(bench)
    await flash(host, programOf('dfu-runtime', 0x08004000), 0x08004000)
    await host.leave(0x08004000)
    const usb = await host.next()
    expect(usb.productId).toBe(8)
    expect([...usb.configuration()].slice(18, 27)).toEqual([9, 4, 1, 0, 0, 0xfe, 1, 1, 5])
  })

  it.each<[string, (host: StHost) => Promise<unknown>]>([
    ['a blank flash', async (host) => host.leave(flashBase)],
    [
      'the last address that was written, which is no beginning',
      async (host) => {
        await flash(host, programOf('no-dfu'))
        await host.setAddress(flashBase + 0x4000)
        await host.out(1, 0)
        await host.status()
      },
    ],
    [
      'a program that was damaged',
      async (host) => {
        await flash(host, programOf('no-dfu').with(20_000, 0))
        await host.leave(flashBase)
      },
    ],
    [
      'a program without USB',
      async (host) => {
        await flash(host, programOf('dark'))
        await host.leave(flashBase)
      },
    ],
    [
      'a program that was made for another address',
      async (host) => {
        await flash(host, programOf('no-dfu', 0x08010000))
        await host.leave(flashBase)
      },
    ],
  ])('leaves nothing on the bus with %s', async (_, act) => {
    const bench = kindBench('stm32')
    await act(await openRom(bench))
    await bench.clock.sleep(10_000)
    expect([bench.device.mode(), bench.bus.devices()]).toEqual(['dark', []])
    bench.device.pressButton()
    expect((await arrival(bench.bus)).productId).toBe(0xdf11)
  })

  it('leaves a program that goes back to the ROM by DFU_DETACH', async () => {
    const bench = kindBench('stm32', { start: 'normal', device: { program: 'dfu-runtime', release: 0x0123 } })
    const usb = await arrival(bench.bus)
    expect(usb.deviceRelease).toBe(0x0123)
    await usb.open(limits.signal)
    await usb.controlOut({ requestType: 0x21, request: 0, value: 255, index: 1 }, new Uint8Array(), limits)
    await bench.clock.sleep(1000)
    expect((await arrival(bench.bus)).productId).toBe(0xdf11)
  })

  it('of a chip whose pin is not held leads to its program after read unprotect, and that is gone', async () => {
    const bench = kindBench('stm32-protected', { start: 'normal', device: { program: 'dfu-runtime' } })
    await arrival(bench.bus)
    bench.device.pressButton()
    const host = await openRom(bench)
    await host.out(1, 0, Uint8Array.from([0x92]))
    await host.status()
    await bench.clock.sleep(20_000)
    expect(bench.device.mode()).toBe('dark')
  })

  it('is no way out for a blank chip that starts its ROM by itself', async () => {
    const bench = kindBench('stm32-l4', { start: 'normal' })
    expect((await arrival(bench.bus)).productId).toBe(0xdf11)
  })
})

describe('power and bus resets', () => {
  it('a bus reset brings the ROM back to its beginning, and the device stays', async () => {
    const bench = kindBench('stm32')
    const host = await openRom(bench)
    await host.setAddress(0x08004000)
    await host.usb.reset()
    expect(await host.status()).toMatchObject({ status: 0, state: 2 })
    await host.did(2, [7])
    expect(bench.device.memory(0)[0]).toBe(7)
  })

  it('power lost in an erase leaves half of the sector, in a write half of the block', async () => {
    const bench = kindBench('stm32', { device: { program: 'dark' } })
    const host = await openRom(bench)
    const before = bench.device.memory(0)
    await host.out(1, 0, Uint8Array.from([0x41, 0, 0, 0, 8]))
    await host.status()
    bench.bus.unplug(bench.portPath)
    const after = bench.device.memory(0)
    expect(after.subarray(0, 0x2000).every((byte) => byte === 0xff)).toBe(true)
    expect(after.subarray(0x2000, 0x4000)).toEqual(before.subarray(0x2000, 0x4000))
    bench.bus.plug(bench.portPath, bench.device)
    const again = await openRom(bench)
    await again.setAddress(0x08020000)
    await again.out(1, 2, new Uint8Array(100).fill(1))
    await again.status()
    bench.bus.unplug(bench.portPath)
    expect([...bench.device.memory(0).subarray(0x20000, 0x20064)]).toEqual([
      ...new Array(50).fill(1),
      ...new Array(50).fill(0xff),
    ])
  })
})
