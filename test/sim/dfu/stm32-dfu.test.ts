import { describe, expect, it } from 'vitest'
import { dfuRig, erase, failed, ok, setAddress } from './machine-rig.ts'

const start = 0x08020000
const chunk = new Uint8Array(4096).fill(0x5a)
const photon = (start: 'idle' | 'error' | 'dnload-idle' | 'upload-idle' = 'idle') => dfuRig('photon', { start })

describe('the DFU machine of a photon', () => {
  it('works inside the GETSTATUS that reports dfuDNBUSY; the state is then dfuDNLOAD-SYNC until the next one', () => {
    const rig = photon()
    rig.send('dnload', 0, erase(start))
    expect(rig.status()).toEqual(ok(4))
    expect(rig.works[0]).toMatchObject({ kind: 'erase', when: 'in-transfer', durationMs: 1000 })
    expect(rig.state()).toBe(3)
    expect(rig.send('dnload', 2, [1])).toEqual({ kind: 'stall' })
    expect(rig.status()).toEqual(ok(5))
  })

  it('erases whole sectors of 16, 64 and 128 KB in their time, and moves the pointer there', () => {
    const rig = photon()
    rig.chips.internal.program(0x080a0000, new Uint8Array(0x20000))
    rig.run(0, erase(0x080b1234))
    expect(rig.chips.internal.isBlank(0x080a0000, 0x20000)).toBe(true)
    rig.run(2, [0x42])
    expect(rig.chips.internal.read(0x080b1234, 1)).toEqual(Uint8Array.of(0x42))
  })

  it.each([0x08000000, 0x0800c000, 0x08010000, 0x0801ffff, 0x08100000])(
    'fails at address %i by a stall that leaves no trace in the state',
    (address) => {
      const rig = photon()
      rig.send('dnload', 0, erase(address))
      expect(rig.status()).toBe('stall')
      expect(rig.status()).toEqual(ok(5))
      rig.run(0, setAddress(address))
      rig.send('dnload', 2, [1])
      expect(rig.status()).toBe('stall')
      expect(rig.status()).toEqual(ok(5))
    },
  )

  it('compares what it wrote: unerased flash fails after three tries', () => {
    const rig = photon()
    rig.run(0, setAddress(start))
    expect(rig.run(2, chunk)).toEqual(ok(5))
    rig.send('dnload', 2, new Uint8Array(4096).fill(0xff))
    expect(rig.status()).toBe('stall')
    expect(rig.works.at(-1)?.durationMs).toBeCloseTo(3 * 1024 * 0.016)
  })

  it('knows set address and erase with 5 bytes only', () => {
    for (const data of [[0x41], [0x92], [0x77], [0xfa], [0x21, 1]]) {
      const rig = photon()
      rig.send('dnload', 0, data)
      expect(rig.status()).toBe('stall')
      expect(rig.status()).toEqual(ok(5))
    }
  })

  it('lists three commands; the state after depends on wLength', () => {
    const rig = photon()
    expect(rig.receive('upload', 0, 64)).toEqual({ kind: 'data', data: Uint8Array.of(0, 0x21, 0x41) })
    expect(rig.state()).toBe(2)
    rig.receive('upload', 0, 3)
    expect(rig.state()).toBe(9)
  })

  it('reads zeros outside the memory', () => {
    const rig = photon()
    rig.run(0, setAddress(0x20000000))
    rig.send('abort')
    expect(rig.receive('upload', 2, 4)).toEqual({ kind: 'data', data: new Uint8Array(4) })
  })

  it('stalls in a wrong state and changes nothing; upload of block 1 sets the invalid state 15', () => {
    const rig = photon('dnload-idle')
    expect(rig.receive('upload', 2, 64)).toEqual({ kind: 'stall' })
    expect(rig.status()).toEqual(ok(5))
    rig.send('abort')
    expect(rig.receive('upload', 1, 64)).toEqual({ kind: 'stall' })
    expect(rig.state()).toBe(15)
  })

  it('sets dfuERROR by CLRSTATUS outside of it, without a stall, and ignores ABORT there', () => {
    const rig = photon()
    expect(rig.send('clrstatus')).toEqual({ kind: 'ack' })
    expect(rig.status()).toEqual(failed(0x0e))
    expect(rig.send('abort')).toEqual({ kind: 'ack' })
    expect(rig.state()).toBe(10)
    rig.send('clrstatus')
    expect(rig.status()).toEqual(ok(2))
  })

  it('leaves by reporting dfuDNLOAD-IDLE, then dfuMANIFEST-WAIT-RESET; nothing cancels the reset', () => {
    const rig = photon()
    rig.send('dnload', 0)
    expect(rig.status()).toEqual(ok(5))
    expect(rig.status()).toEqual(ok(8))
    rig.send('abort')
    expect(rig.events).toEqual(['reset after 500 into boot'])
  })

  it('waits wValue milliseconds in DETACH and stays', () => {
    const rig = photon()
    rig.send('detach', 1000)
    expect(rig.works[0]).toMatchObject({ durationMs: 1000, when: 'in-transfer' })
    expect(rig.events).toEqual([])
  })

  it('has the poll times of the DCT swapped: 1 ms for set address and write, 500 ms for an erase that does nothing', () => {
    const rig = photon()
    rig.face.selectAlternate(1)
    const pollOf = (block: number, data: readonly number[]) => {
      rig.send('dnload', block, data)
      const status = rig.status()
      rig.status()
      return status === 'stall' ? status : status.pollMs
    }
    expect([pollOf(0, setAddress(1753)), pollOf(2, [0xa5]), pollOf(0, erase(0))]).toEqual([1, 1, 500])
    expect(rig.chips.dct[1753]).toBe(0xa5)
    rig.face.selectAlternate(0)
    expect(pollOf(0, setAddress(start))).toBe(0)
  })

  it('has no third alternate setting', () => {
    expect(photon().face.selectAlternate(2)).toBe(false)
  })
})

describe('the serial flash of a p1', () => {
  it('is alternate setting 2: 1 MB from address 0, sectors of 4 KB, written and read back, without poll times', () => {
    const rig = dfuRig('p1')
    expect(rig.face.selectAlternate(2)).toBe(true)
    rig.chips.external?.program(0xff000, new Uint8Array(4096))
    expect(rig.run(0, erase(0xff123))).toEqual(ok(5))
    expect(rig.works.at(-1)).toMatchObject({ kind: 'erase', when: 'in-transfer', durationMs: 50 })
    expect(rig.chips.external?.isBlank(0xff000, 4096)).toBe(true)
    rig.run(0, setAddress(0xff000))
    expect(rig.run(2, chunk)).toEqual(ok(5))
    rig.send('abort')
    expect(rig.receive('upload', 2, 4096)).toEqual({ kind: 'data', data: chunk })
  })

  it('ends at 1 MB, and what is done there leaves the chip alone', () => {
    const rig = dfuRig('p1')
    rig.face.selectAlternate(2)
    rig.send('dnload', 0, erase(0x100000))
    expect(rig.status()).toBe('stall')
    expect(rig.chips.internal.isBlank(0x08020000, 0x20000)).toBe(true)
  })
})
