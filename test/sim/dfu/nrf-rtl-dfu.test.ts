import { describe, expect, it } from 'vitest'
import { dfuRig, erase, failed, ok, setAddress, u32 } from './machine-rig.ts'

const bytes = (count: number, value: number) => new Uint8Array(count).fill(value)
const chunk = bytes(4096, 0x5a)

describe.each(['boron', 'p2'] as const)('the DFU machine of %s', (platform) => {
  const start = platform === 'boron' ? 0x30000 : 0x08060000

  it('reports dfuDNBUSY with poll time 0, works after the reply, and is then in dfuDNLOAD-IDLE', () => {
    const rig = dfuRig(platform)
    rig.send('dnload', 0, erase(start))
    expect(rig.works).toHaveLength(0)
    expect(rig.status()).toEqual(ok(4))
    expect(rig.works[0]).toMatchObject({ kind: 'erase', when: 'after-reply' })
    expect(rig.status()).toEqual(ok(5))
  })

  it('writes blocks at pointer + (block - 2) x 4096, whatever was sent before', () => {
    const rig = dfuRig(platform)
    rig.run(0, setAddress(start))
    expect(rig.run(2, chunk)).toEqual(ok(5))
    expect(rig.run(4, [1, 2, 3])).toEqual(ok(5))
    expect(rig.chips.internal.read(start, 4096)).toEqual(chunk)
    expect(rig.chips.internal.read(start + 2 * 4096, 4)).toEqual(Uint8Array.of(1, 2, 3, 0xff))
    expect(rig.chips.internal.isBlank(start + 4096, 4096)).toBe(true)
  })

  it('erases one 4 KB page, aligned down, and programs only by clearing bits', () => {
    const rig = dfuRig(platform)
    rig.run(0, setAddress(start))
    rig.run(2, bytes(4096, 0xf0))
    rig.run(2, bytes(4096, 0x3c))
    expect(rig.chips.internal.read(start, 1)).toEqual(Uint8Array.of(0x30))
    rig.run(0, erase(start + 100))
    expect(rig.chips.internal.isBlank(start, 4096)).toBe(true)
  })

  it('refuses DNLOAD, UPLOAD, CLRSTATUS, ABORT and DETACH where no transition is defined: stall and dfuERROR', () => {
    const cases = [
      () => dfuRig(platform, { start: 'upload-idle' }).send('dnload', 2, [1]),
      () => dfuRig(platform, { start: 'dnload-idle' }).receive('upload', 2, 64),
      () => dfuRig(platform).send('clrstatus'),
      () => dfuRig(platform, { start: 'error' }).send('abort'),
      () => dfuRig(platform, { start: 'error' }).send('detach'),
      () => dfuRig(platform).receive('upload', 1, 64),
    ]
    for (const act of cases) expect(act()).toEqual({ kind: 'stall' })
    const rig = dfuRig(platform)
    rig.send('clrstatus')
    expect(rig.status()).toEqual(failed(0x0e))
    rig.send('clrstatus')
    expect(rig.status()).toEqual(ok(2))
  })

  it('goes to dfuIDLE by ABORT from every quiet state and keeps the address pointer', () => {
    const rig = dfuRig(platform)
    rig.run(0, setAddress(start))
    rig.run(2, [0x11])
    rig.send('abort')
    expect(rig.status()).toEqual(ok(2))
    rig.send('dnload', 2, [1])
    expect(rig.state()).toBe(3)
    rig.send('abort')
    expect(rig.receive('upload', 2, 2)).toEqual({ kind: 'data', data: Uint8Array.of(0x11, 0xff) })
    expect(rig.state()).toBe(9)
    rig.send('abort')
    expect(rig.state()).toBe(2)
    rig.send('dnload', 0)
    rig.send('abort')
    expect(rig.state()).toBe(2)
  })

  it('keeps the pointer over SET_INTERFACE, which stalls for alternates that are not there', () => {
    const rig = dfuRig(platform)
    rig.run(0, setAddress(start))
    rig.run(2, [0x22])
    expect(rig.face.selectAlternate(1)).toBe(true)
    expect(rig.face.selectAlternate(platform === 'boron' ? 3 : 2)).toBe(false)
    rig.face.selectAlternate(0)
    rig.send('abort')
    expect(rig.receive('upload', 2, 1)).toEqual({ kind: 'data', data: Uint8Array.of(0x22) })
  })

  it('starts anew by SET_CONFIGURATION: dfuIDLE, pointer 0, the alternate setting kept', () => {
    const rig = dfuRig(platform, { start: 'error' })
    rig.face.selectAlternate(1)
    rig.face.configured()
    expect(rig.status()).toEqual(ok(2))
    expect(rig.face.alternate()).toBe(1)
    expect(rig.run(2, [7])).toEqual(ok(5))
    expect(rig.chips.dct[0]).toBe(7)
  })

  it('leaves: MANIFEST-SYNC, dfuMANIFEST reported once, reset 500 ms later', () => {
    const rig = dfuRig(platform)
    rig.send('dnload', 2)
    expect(rig.state()).toBe(6)
    expect(rig.status()).toEqual(ok(7))
    expect(rig.events).toEqual(['reset after 500 into boot'])
  })

  it.each(['getstatus', 'getstate', 'upload', 'abort', 'clrstatus'] as const)(
    'stays in DFU mode when %s comes after dfuMANIFEST',
    (name) => {
      const rig = dfuRig(platform)
      rig.send('dnload', 0)
      rig.status()
      const answer = name === 'abort' || name === 'clrstatus' ? rig.send(name) : rig.receive(name, 2, 6)
      expect(answer).toEqual({ kind: 'stall' })
      expect(rig.events.at(-1)).toBe('reset cancelled')
      expect(rig.status()).toEqual(failed(0x0e))
    },
  )

  it('does not mind SET_INTERFACE after dfuMANIFEST', () => {
    const rig = dfuRig(platform)
    rig.send('dnload', 0)
    rig.status()
    rig.face.selectAlternate(0)
    expect(rig.events).toEqual(['reset after 500 into boot'])
  })

  it('detaches to dfuIDLE and shows itself anew', () => {
    const rig = dfuRig(platform, { start: 'dnload-idle' })
    expect(rig.send('detach', 1000)).toEqual({ kind: 'ack' })
    expect(rig.events).toEqual(['reattach'])
    expect(rig.state()).toBe(2)
  })

  it('answers errors of the operation in the state only: mass erase, unprotect, unknown, wrong length, block 1', () => {
    const cases: readonly (readonly [number, readonly number[], number])[] = [
      [0, [0x41], 0x01],
      [0, [0x92], 0x0e],
      [0, [0x77], 0x0f],
      [0, [0x21, 1, 2], 0x0e],
      [0, [0x41, 1, 2], 0x0e],
      [1, [1, 2, 3], 0x01],
    ]
    for (const [block, data, code] of cases) expect(dfuRig(platform).run(block, data)).toEqual(failed(code))
  })

  it('is stuck in dfuDNBUSY after command 0x00 by DNLOAD; the next request is an error', () => {
    const rig = dfuRig(platform)
    rig.send('dnload', 0, [0])
    expect(rig.status()).toEqual(ok(4))
    expect(rig.state()).toBe('stall')
    expect(rig.status()).toEqual(failed(0x0e))
  })

  it.each([
    [3000, [0, 0x21, 0x41]],
    [3001, [0, 0x21, 0x41, 0xfa]],
    [3100, [0, 0x21, 0x41, 0xfa, 0xfb]],
  ])('lists the commands of bootloader %i', (bootloaderVersion, commands) => {
    const rig = dfuRig(platform, { bootloaderVersion })
    expect(rig.receive('upload', 0, 64)).toEqual({ kind: 'data', data: Uint8Array.from(commands) })
    expect(rig.state()).toBe(2)
  })

  it('enters safe mode by 0xFA: MANIFEST-SYNC, then dfuMANIFEST and the reset', () => {
    const rig = dfuRig(platform)
    rig.send('dnload', 0, [0xfa])
    expect(rig.status()).toEqual(ok(4))
    expect(rig.status()).toEqual(ok(7))
    expect(rig.events).toEqual(['reset after 500 into safe'])
  })

  it('fails reads outside with a stall, and never returns a short block inside', () => {
    const rig = dfuRig(platform)
    rig.run(0, setAddress(platform === 'boron' ? 0x100000 : 0x08800000))
    rig.send('abort')
    expect(rig.receive('upload', 2, 4096)).toEqual({ kind: 'stall' })
    rig.send('clrstatus')
    rig.run(0, setAddress(start))
    rig.send('abort')
    expect(rig.receive('upload', 3, 4096)).toMatchObject({ kind: 'data', data: { length: 4096 } })
  })

  it('writes the DCT by byte, without erase; erase there does nothing', () => {
    const rig = dfuRig(platform)
    rig.face.selectAlternate(1)
    rig.chips.dct[100] = 0
    rig.run(0, setAddress(99))
    expect(rig.run(2, [1, 2, 3])).toEqual(ok(5))
    expect(rig.run(0, erase(0))).toEqual(ok(5))
    expect([...rig.chips.dct.subarray(98, 103)]).toEqual([0xff, 1, 2, 3, 0xff])
    rig.run(0, setAddress(0x4000 - 1))
    expect(rig.run(2, [1, 2])).toEqual(failed(0x0e))
  })

  it('refuses everything but 0xFA and 0xFB while protected, with errVENDOR and no stall', () => {
    const string = platform === 'boron' ? 10 : 7
    const rig = dfuRig(platform, { protection: 'protected' })
    for (const [block, data] of [
      [0, setAddress(start)],
      [0, erase(start)],
      [2, [1]],
    ] as const) {
      expect(rig.send('dnload', block, data)).toEqual({ kind: 'ack' })
      expect(rig.status()).toEqual(failed(0x0b, string))
      rig.send('clrstatus')
    }
    expect(rig.receive('upload', 0, 64)).toMatchObject({ kind: 'data', data: { length: 5 } })
    expect(rig.receive('upload', 2, 64)).toEqual({ kind: 'data', data: new Uint8Array() })
    expect(rig.status()).toEqual(failed(0x0b, string))
    rig.send('clrstatus')
    expect(rig.run(0, [0xfb])).toEqual(ok(5))
    rig.send('abort')
    expect(rig.run(0, [0xfa])).toEqual(ok(7))
  })

  it('keeps the rules of service mode', () => {
    const region = platform === 'boron' ? 0x28000 : 0x08060000
    const headerAt = platform === 'boron' ? 0x200 : 0
    const withVersion = (version: number) => {
      const data = bytes(4096, 0xff)
      data.set([version & 0xff, version >> 8], headerAt + 10)
      return data
    }
    const rig = dfuRig(platform, { protection: 'service' })
    rig.chips.internal.program(region, bytes(8192, 0))
    rig.run(0, setAddress(region))
    expect(rig.run(0, erase(region))).toEqual(ok(5))
    expect(rig.chips.internal.read(region, 1)).toEqual(Uint8Array.of(0))
    expect(rig.run(2, withVersion(5999)).valueOf()).toMatchObject({ state: 10 })
    rig.send('clrstatus')
    expect(rig.run(3, chunk)).toMatchObject({ state: 10 })
    rig.send('clrstatus')
    expect(rig.run(2, withVersion(6000))).toEqual(ok(5))
    expect(rig.run(3, chunk)).toEqual(ok(5))
    expect(rig.chips.internal.read(region, 4096)).toEqual(withVersion(6000))
    expect(rig.chips.internal.read(region + 4096, 4096)).toEqual(chunk)
    rig.run(0, [0xfb])
    expect(rig.run(0, setAddress(region))).toMatchObject({ status: 0x0b })
  })
})

describe('the memories of a boron', () => {
  it('fails to write or erase page 0 and beyond the chip, and lets the host write over the bootloader', () => {
    for (const address of [0, 0xfff, 0x100000, 0x20000000]) {
      expect(dfuRig('boron').run(0, erase(address))).toEqual(failed(0x0e))
      const rig = dfuRig('boron')
      rig.run(0, setAddress(address))
      expect(rig.run(2, [1])).toEqual(failed(0x0e))
    }
    for (const address of [0x1000, 0xf4000, 0xff000]) expect(dfuRig('boron').run(0, erase(address))).toEqual(ok(5))
  })

  it('serves external flash at 0x80000000 and nowhere else', () => {
    const rig = dfuRig('boron')
    rig.face.selectAlternate(2)
    rig.run(0, setAddress(0x80289000))
    expect(rig.run(2, chunk)).toEqual(ok(5))
    expect(rig.chips.external?.read(0x80289000, 4096)).toEqual(chunk)
    expect(rig.run(0, erase(0x289000))).toEqual(failed(0x0e))
    rig.send('clrstatus')
    expect(rig.run(0, erase(0x80400000))).toEqual(failed(0x0e))
  })

  it('erases page 0xD4000 when the header of a 256 KB user part is written at 0xB4000, and only then', () => {
    const header = bytes(4096, 0xff)
    header.set([...u32(0xb4000), ...u32(0xb5000), 0, 0, 3, 0, 13, 0, 5, 2])
    for (const [data, bootloaderVersion, isErased] of [
      [header, 3100, true],
      [header, 1100, true],
      // Of 3.0.0 and before: the host must do it.
      [header, 1005, false],
      [chunk, 3100, false],
    ] as const) {
      const rig = dfuRig('boron', { bootloaderVersion })
      rig.chips.internal.program(0xd4000, bytes(4096, 0))
      rig.run(0, setAddress(0xb4000))
      rig.run(2, data)
      expect(rig.chips.internal.isBlank(0xd4000, 4096)).toBe(isErased)
      expect(rig.works.at(-1)?.durationMs).toBeCloseTo(isErased ? 41.984 + 85 : 41.984)
    }
  })

  it('does so for the user parts of its own platform alone, whichever that is', () => {
    const header = bytes(4096, 0xff)
    header.set([...u32(0xb4000), ...u32(0xb5000), 0, 0, 3, 0, 26, 0, 5, 2])
    for (const platform of ['tracker', 'argon'] as const) {
      const rig = dfuRig(platform)
      rig.chips.internal.program(0xd4000, bytes(4096, 0))
      rig.run(0, setAddress(0xb4000))
      rig.run(2, header)
      expect(rig.chips.internal.isBlank(0xd4000, 4096)).toBe(platform === 'tracker')
    }
  })

  it('has its second half in external flash of 8 MB only', () => {
    for (const [platform, isServed] of [
      ['b5som', true],
      ['boron', false],
    ] as const) {
      const rig = dfuRig(platform)
      rig.face.selectAlternate(2)
      rig.run(0, setAddress(0x80600000))
      expect(rig.run(2, chunk)).toEqual(isServed ? ok(5) : failed(0x0e))
    }
  })

  it('takes 85 ms for any page, blank or not, and 42 ms to write one', () => {
    const rig = dfuRig('boron')
    rig.run(0, erase(0x30000))
    rig.run(0, setAddress(0x30000))
    rig.run(2, chunk)
    expect(rig.works.map(({ durationMs }) => Math.round(durationMs))).toEqual([85, 0, 42])
  })
})

describe('the memory of a p2', () => {
  it('writes anywhere, the bootloader included, and skips the erase of a blank sector', () => {
    const rig = dfuRig('p2')
    expect(rig.run(0, erase(0x08000000))).toEqual(ok(5))
    rig.run(0, setAddress(0x087ff000))
    expect(rig.run(2, chunk)).toEqual(ok(5))
    rig.run(0, erase(0x087ff000))
    rig.run(0, erase(0x08800000))
    expect(rig.works.map(({ durationMs }) => durationMs)).toEqual([1.5, 0, 11, 50, 0])
    expect(rig.status()).toEqual(failed(0x0e))
  })
})
