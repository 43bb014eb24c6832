// What becomes of the questions when a board stops to answer: all at once, or in Device OS alone.
import { expect, it } from 'vitest'
import { identify } from '../../../src/main/station/identity/identify.ts'
import type { Clock } from '../../../src/main/station/ports.ts'
import type { TransferOptions, UsbDevice } from '../../../src/main/station/usb/usb-port.ts'
import { Fault } from '../../../src/shared/fault/fault.ts'
import { plugBoard } from '../dfu/plugged-board.ts'

const signal = new AbortController().signal
const vendorRequests = 0x40
const init = 1
const moduleInfo = 90

interface Asked {
  readonly isVendor: boolean
  readonly isInit: boolean
  readonly type: number
}

/** The device, but requests that fit are never answered. */
function deafTo(device: UsbDevice, clock: Clock, fits: (asked: Asked) => boolean): UsbDevice {
  const silence = async ({ timeoutMs }: TransferOptions): Promise<never> => {
    await clock.sleep(timeoutMs)
    throw new Fault('USB_TIMEOUT', `no answer in ${timeoutMs} ms`)
  }
  return {
    ...device,
    controlIn: (setup, lengthBytes, options) => {
      const isVendor = (setup.requestType & vendorRequests) !== 0
      const isDeaf = fits({ isVendor, isInit: isVendor && setup.request === init, type: setup.index })
      return isDeaf ? silence(options) : device.controlIn(setup, lengthBytes, options)
    },
  }
}

it('a board that falls silent is given up at the first question, one more string later', async () => {
  await using plugged = plugBoard({ platform: 'boron' })
  const { clock } = plugged
  let isSilent = false
  const device = deafTo(await plugged.device(), clock, ({ isInit }) => {
    isSilent ||= isInit
    return isSilent
  })
  const startedMs = clock.monotonic()
  await expect(identify(device, { clock, signal })).rejects.toMatchObject({ code: 'BOARD_SILENT' })
  expect(clock.monotonic() - startedMs).toBeLessThan(6_100)
})

it('a Device OS that answers nothing leaves every value unreadable, with its reason', async () => {
  await using plugged = plugBoard({ platform: 'photon' })
  const { clock } = plugged
  const device = deafTo(await plugged.device(), clock, ({ isVendor }) => isVendor)
  const board = await identify(device, { clock, signal })
  expect(board.deviceId).toBe(plugged.board.facts().deviceId)
  const reason = 'no answer in 5000 ms'
  expect([board.modules, board.deviceOsVersion, board.isProtected]).toEqual(Array(3).fill({ known: false, reason }))
})

it('one question without an answer spoils no other', async () => {
  await using plugged = plugBoard({ platform: 'p2' })
  const { clock } = plugged
  const device = deafTo(await plugged.device(), clock, ({ isInit, type }) => isInit && type === moduleInfo)
  const board = await identify(device, { clock, signal })
  expect(board).toMatchObject({
    modules: { known: false },
    serialNumber: { known: true },
    deviceOsVersion: { known: true },
  })
})
