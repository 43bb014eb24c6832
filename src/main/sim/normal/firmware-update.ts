// Requests 250 to 253: a module sent by control requests into the OTA area, validated, and handed to the next boot.
// Any error ends the transfer, as in Device OS (system/src/control/storage.cpp).
import type { NormalModeHost } from '../board-parts.ts'
import { type OtaArea, otaAreaOf } from '../boot/ota-area.ts'
import { takeUpdate } from '../boot/take-update.ts'
import { type StagedModule, updateErrors, validateUpdate } from '../boot/validate-update.ts'
import { bytesOf, encode, type Field, uint, uintOf } from './protobuf.ts'
import { done, quickMs, type RequestAnswer, refused, systemErrors } from './request-answer.ts'

const chunkSizeBytes = 1024
/** After the reply to "finish" was fetched; unmeasured on hardware. */
const resetDelayMs = 200
/** CRC and dependency check of the module, before the reply to "finish". */
const validationMs = 50

export interface FirmwareUpdate {
  start(fields: readonly Field[]): RequestAnswer
  data(fields: readonly Field[]): RequestAnswer
  finish(fields: readonly Field[]): RequestAnswer
  cancel(): RequestAnswer
}

interface Transfer {
  readonly area: OtaArea
  readonly sizeBytes: number
  receivedBytes: number
}

export function createFirmwareUpdate(host: NormalModeHost): FirmwareUpdate {
  let transfer: Transfer | null = null

  function fail(result: number): RequestAnswer {
    transfer = null
    return refused(result)
  }

  return {
    start(fields) {
      transfer = null
      const sizeBytes = uintOf(fields, 1)
      const area = otaAreaOf(host.facts.platform, host.chips)
      if (uintOf(fields, 2) !== 0) return refused(systemErrors.notSupported)
      if (!area || sizeBytes === 0 || sizeBytes > area.sizeBytes) return refused(updateErrors.invalidSize)
      eraseArea(area, sizeBytes)
      transfer = { area, sizeBytes, receivedBytes: 0 }
      const durationMs = host.eraseTimeMs(area.chip, area.address, sizeBytes)
      return { ...done(encode(uint(1, chunkSizeBytes)), Math.max(durationMs, quickMs)), isFlashTime: true }
    },

    data(fields) {
      const data = bytesOf(fields, 1)
      if (!transfer) return refused(systemErrors.invalidState)
      if (data.length === 0) return fail(systemErrors.invalidArgument)
      if (data.length > Math.min(chunkSizeBytes, transfer.sizeBytes - transfer.receivedBytes)) {
        return fail(systemErrors.outOfRange)
      }
      const { area } = transfer
      area.chip.program(area.address + transfer.receivedBytes, data)
      transfer.receivedBytes += data.length
      const durationMs = Math.max(host.programTimeMs(area.chip, data.length), quickMs)
      return { ...done(), durationMs, isFlashTime: true }
    },

    finish(fields) {
      if (!transfer || transfer.receivedBytes < transfer.sizeBytes) return fail(systemErrors.invalidState)
      const verdict = validateUpdate(host, transfer.area)
      if ('error' in verdict) return { ...fail(verdict.error), durationMs: validationMs }
      if (uintOf(fields, 1) !== 0) return { ...done(), durationMs: validationMs }
      transfer = null
      return { ...done(), durationMs: validationMs, followUp: () => applied(host, verdict.modules) }
    },

    cancel() {
      transfer = null
      return done()
    },
  }
}

/** Runs when the result is gone: nobody hears of it when it fails, the board only does not reset. */
function applied(host: NormalModeHost, modules: readonly StagedModule[]): number {
  const taken = takeUpdate(host, modules)
  if (!taken) return 0
  const delayMs = resetDelayMs + taken.durationMs
  host.resetAfter(delayMs, 'boot', taken.finish)
  return delayMs
}

function eraseArea(area: OtaArea, sizeBytes: number): void {
  for (let at = area.address; at < area.address + sizeBytes; ) {
    const sector = area.chip.sectorAt(at)
    area.chip.eraseSector(sector.address)
    at = sector.address + sector.sizeBytes
  }
}
