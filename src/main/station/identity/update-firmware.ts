// Firmware update by control requests (250 to 253): the board stores a whole module file, checks it, and applies it
// with a reset of its own. The way for bootloaders and other modules that DFU must not write in place.
import DeviceOSProtobuf from '@particle/device-os-protobuf'
import { Fault } from '../../../shared/fault/fault.ts'
import { exchange, type RequestLink, resultFault } from './control-request.ts'
import { type RequestType, requestTypes } from './request-types.ts'
import { decodeReply } from './requests.ts'
import { resultCodes } from './result-codes.ts'

const { definitions } = DeviceOSProtobuf

export interface UpdateOptions {
  /** Called after each piece that the board has taken. */
  readonly onProgress?: (progress: { readonly doneBytes: number; readonly totalBytes: number }) => void
}

/**
 * Sends a module file, header included, to an open device. When it resolves the board has accepted the module and is
 * about to apply it and to reset: what follows shows on the bus. Throws UPDATE_REFUSED with the result code's name,
 * DEVICE_PROTECTED, USB_*, JOB_ABORTED; after a failure the board is told to forget what it has.
 */
export async function updateFirmware(link: RequestLink, file: Uint8Array, options: UpdateOptions = {}): Promise<void> {
  const chunkBytes = await start(link, file.length)
  try {
    for (let at = 0; at < file.length; at += chunkBytes) {
      const data = file.subarray(at, at + chunkBytes)
      const payload = definitions.FirmwareUpdateDataRequest.encode({ data }).finish()
      await update(link, requestTypes.firmwareUpdateData, payload)
      options.onProgress?.({ doneBytes: at + data.length, totalBytes: file.length })
    }
    const payload = definitions.FinishFirmwareUpdateRequest.encode({ validateOnly: false }).finish()
    await update(link, requestTypes.finishFirmwareUpdate, payload)
  } catch (thrown) {
    await cancel(link, thrown)
    throw thrown
  }
}

/** Bytes the board takes in one piece. Erasing the target happens before the answer. */
async function start(link: RequestLink, sizeBytes: number): Promise<number> {
  const type = requestTypes.startFirmwareUpdate
  const format = definitions.FileFormat.BIN
  const payload = definitions.StartFirmwareUpdateRequest.encode({ size: sizeBytes, format }).finish()
  const { chunkSize } = decodeReply(type, await update(link, type, payload), definitions.StartFirmwareUpdateReply)
  if (chunkSize > 0) return chunkSize
  throw new Fault('UPDATE_REFUSED', `${type.name}: the board names a chunk size of 0`)
}

async function update(link: RequestLink, type: RequestType, payload: Uint8Array): Promise<Uint8Array> {
  const { result, body } = await exchange(link, type, payload)
  if (result >= 0) return body
  if (result === resultCodes.protectedMode) throw resultFault(type, result)
  throw new Fault('UPDATE_REFUSED', resultFault(type, result).detail)
}

/** For a board that has just let a deadline pass: a healthy one has the whole time of the request. */
const cancelAfterSilenceMs = 100

/** Best effort: the failure before it is what the caller must hear of. An aborted signal allows no request any more. */
async function cancel(link: RequestLink, reason: unknown): Promise<void> {
  if (link.signal.aborted || (reason instanceof Fault && reason.code === 'USB_GONE')) return
  const type = requestTypes.cancelFirmwareUpdate
  const isSilent = reason instanceof Fault && reason.code === 'USB_TIMEOUT'
  await exchange(link, isSilent ? { ...type, timeoutMs: cancelAfterSilenceMs } : type).catch(() => undefined)
}
