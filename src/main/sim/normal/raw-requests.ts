// Raw vendor requests ('P', 0x50): device ID, version and reset without the request protocol. A protected board
// answers them all the same.
import type { ControlAnswer, NormalModeHost, SimSetup } from '../board-parts.ts'
import { systemVersionOf } from '../boot/installed-modules.ts'
import { deviceOsText } from '../boot/known-releases.ts'

export const rawRequest = 0x50
const rawTypes = { deviceId: 20, version: 30, reset: 40, cloudDisconnect: 302 } as const
const vendorIn = 0xc0
const vendorOut = 0x40
const maxDataBytes = 64
const encoder = new TextEncoder()

/** Executes a raw request; an OUT request is acknowledged here, whatever becomes of its status stage. */
export function answerRaw(host: NormalModeHost, setup: SimSetup): ControlAnswer {
  if (setup.value !== 0 || setup.lengthBytes > maxDataBytes) return { kind: 'stall' }
  if (setup.requestType === vendorIn) return answerText(textOf(host, setup.index), setup.lengthBytes)
  if (setup.requestType !== vendorOut) return { kind: 'stall' }
  if (setup.index === rawTypes.reset) {
    host.resetAfter(0, 'boot')
    return { kind: 'ack' }
  }
  return { kind: setup.index === rawTypes.cloudDisconnect ? 'ack' : 'stall' }
}

function textOf(host: NormalModeHost, index: number): string | null {
  // Upper case here, lower case in the string descriptor: so does Device OS.
  if (index === rawTypes.deviceId) return host.facts.deviceId.toUpperCase()
  if (index !== rawTypes.version) return null
  return deviceOsText(systemVersionOf(host.facts.platform, host.chips) ?? 0)
}

function answerText(text: string | null, roomBytes: number): ControlAnswer {
  if (text === null || roomBytes < text.length) return { kind: 'stall' }
  return { kind: 'data', data: encoder.encode(text) }
}
