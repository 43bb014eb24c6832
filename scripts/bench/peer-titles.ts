// The clients by the names that a reader knows, and the job they all do.
import type { PeerName } from './kernel/peer-act.ts'
import { whyNoKernel } from './kernel/run-inside.ts'
import { realFirmware } from './real-firmware.ts'

export const peerTitles: Readonly<Record<PeerName, string>> = {
  'dfu-util': 'dfu-util 0.11',
  'particle-usb': 'particle-usb 4.1.0',
  station: 'DFU Station',
  bare: 'bare transfers, one by one',
  queued: 'bare transfers, those of a block at once (the floor)',
}

/** The file that all write, or why the job cannot be done on this computer. */
export function peerJob(): { readonly file: string } | { readonly skipped: string } {
  const skipped = whyNoKernel()
  return skipped === null ? realFirmware('boron/4.0.2/system-part1.bin') : { skipped }
}
