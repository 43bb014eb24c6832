// Boards that are old, busy or locked, told from broken ones; and listening mode, entered only where a question needs it.
import { describe, expect, it } from 'vitest'
import { identify } from '../../../src/main/station/identity/identify.ts'
import { notServedBecause } from '../../../src/main/station/identity/old-board.ts'
import type { UsbDevice } from '../../../src/main/station/usb/usb-port.ts'
import { Fault } from '../../../src/shared/fault/fault.ts'
import { plugBoard, type Wanted } from '../dfu/plugged-board.ts'

const signal = new AbortController().signal
const init = 1
const iccid = 554
const listen = { start: 70, stop: 71 } as const

async function identified(wanted: Wanted) {
  await using plugged = plugBoard(wanted)
  return await identify(await plugged.device(), { clock: plugged.clock, signal })
}

describe('why a board is not served', () => {
  it('is its age where it refuses every request at once', async () => {
    const board = await identified({ platform: 'photon', deviceOs: '0.6.3' })
    expect(board.answersRequests).toEqual({ known: true, value: false })
    expect(notServedBecause(board)).toMatchObject({ code: 'DFU_BY_BUTTON' })
  })

  it('is its lock in both modes', async () => {
    for (const start of ['normal', 'dfu'] as const) {
      const board = await identified({ platform: 'boron', deviceOs: '6.2.1', protected: true, start })
      expect(notServedBecause(board)).toMatchObject({ code: 'DEVICE_PROTECTED' })
    }
  })

  it('is nothing for a board that answers, or that is in DFU mode', async () => {
    expect(notServedBecause(await identified({ platform: 'p2' }))).toBeNull()
    expect(notServedBecause(await identified({ platform: 'p2', start: 'dfu' }))).toBeNull()
  })
})

/** The device, which answers the ICCID only while it listens; keeps the requests that were begun. */
function answersWhileListening(device: UsbDevice, asked: number[], result: 'busy' | 'answers'): UsbDevice {
  let isListening = false
  return {
    ...device,
    controlIn: (setup, lengthBytes, options) => {
      if (setup.requestType === 0xc0 && setup.request === init) {
        asked.push(setup.index)
        if (setup.index === listen.start) isListening = true
        if (setup.index === listen.stop) isListening = false
        if (setup.index === iccid && !isListening && result === 'busy') {
          return Promise.reject(new Fault('USB_TIMEOUT', 'the application holds it up'))
        }
      }
      return device.controlIn(setup, lengthBytes, options)
    },
  }
}

describe('listening mode', () => {
  async function read(deviceOs: string, result: 'busy' | 'answers') {
    await using plugged = plugBoard({ platform: 'boron', deviceOs })
    // A board that was set up does not listen by itself.
    plugged.board.chips.dct[8134] = 1
    const asked: number[] = []
    const device = answersWhileListening(await plugged.device(), asked, result)
    const board = await identify(device, { clock: plugged.clock, signal })
    return { board, listening: asked.filter((type) => type === listen.start || type === listen.stop) }
  }

  it('is entered for an ICCID that an old Device OS does not give otherwise, and left again', async () => {
    const { board, listening } = await read('1.5.2', 'busy')
    expect(board.iccid).toMatchObject({ known: true })
    expect(listening).toEqual([listen.start, listen.stop])
  })

  it('is not entered where the board answers by itself, nor from 2.0.0 on', async () => {
    expect((await read('1.5.2', 'answers')).listening).toEqual([])
    const fresh = await read('4.0.2', 'busy')
    expect(fresh.listening).toEqual([])
    expect(fresh.board.iccid).toMatchObject({ known: false })
  })
})
