// upload: saves a memory of the one board on a port to a file. Nothing is written to the board, and no other is opened.

import { asFault, describeFault, Fault } from '../../../shared/fault/fault.ts'
import { placeText } from '../../../shared/model/address.ts'
import { usbIdText } from '../../../shared/model/dfu-identity.ts'
import type { DfuProgress } from '../../station/dfu/progress.ts'
import { sha256Of } from '../../station/firmware/module-suffix.ts'
import { usbIdentityOf } from '../../station/identity/usb-identity.ts'
import type { UsbDevice } from '../../station/usb/usb-port.ts'
import type { CommandLine } from '../arguments.ts'
import { type ChosenMemory, chooseMemory } from '../choose-memory.ts'
import { type ExitCode, exitCodeOf, exitCodes, isStationFault } from '../exit-codes.ts'
import { type MemorySource, openMemory } from '../memory-source.ts'
import { refuseOverwrite, writeOut } from '../new-file.ts'
import type { Output } from '../output.ts'
import { savedFile } from '../saved-memory.ts'
import { type BusTools, withBus } from '../with-bus.ts'

/** A line of progress is told this often. */
const toldEveryMs = 1_000

export async function upload(line: CommandLine, output: Output): Promise<ExitCode> {
  refuseOverwrite(line)
  return withBus({ line, output }, async (tools) => {
    const device = tools.bus.devices().find(({ portPath }) => portPath === line.usbPort)
    if (!device) throw new Fault('CALL_REJECTED', `nothing is on port ${line.usbPort}; "devices" shows what is where`)
    try {
      await saveMemory(device, { line, output, tools })
      return exitCodes.ok
    } catch (thrown) {
      return refuse(device, asFault(thrown), output)
    }
  })
}

/** What a board will not do is told with what a hand can do about it; all else is thrown on. */
function refuse(device: UsbDevice, fault: Fault, output: Output): ExitCode {
  const isOfBoard = exitCodeOf(fault) !== exitCodes.badInput && !isStationFault(fault.code)
  if (!isOfBoard || fault.code === 'JOB_ABORTED') throw fault
  const identity = usbIdentityOf(device)
  const { remedy } = describeFault(fault, identity.kind === 'board' ? identity.platform : 'device')
  output.note(`${fault.message}. ${remedy}`)
  return exitCodes.boardFailed
}

interface Run {
  readonly line: CommandLine
  readonly output: Output
  readonly tools: BusTools
}

async function saveMemory(device: UsbDevice, { line, output, tools }: Run): Promise<void> {
  const source = await openMemory(device, tools)
  let bytes: Uint8Array
  let memory: ChosenMemory
  try {
    memory = chooseMemory(source, line)
    output.note(
      `Reading ${placeText({ memory: memory.name, address: memory.address })} of ${usbIdText(source.device)} on ${device.portPath}.`,
    )
    bytes = await source.read({ ...memory, onProgress: progressTeller(output, tools) })
  } finally {
    const doubt = await source.end()
    if (doubt !== null) output.note(doubt)
  }
  if (bytes.length === 0) throw new Fault('DFU_UPLOAD_UNSUPPORTED', `${memory.name}: the device gave no byte`)
  tellSaved({ line, output, source, memory, bytes })
}

interface Saved {
  readonly line: CommandLine
  readonly output: Output
  readonly source: MemorySource
  readonly memory: ChosenMemory
  readonly bytes: Uint8Array
}

function tellSaved({ line, output, source, memory, bytes }: Saved): void {
  const { device, protocol, programRevision } = source
  const { vendorId, productId, portPath } = device
  const { alternate, name, address } = memory
  const file = line.out ?? ''
  const stated = { vendorId, productId, revision: programRevision }
  writeOut(line, savedFile(file, { bytes, alternate, name, address, protocol, device: stated }))
  if (memory.note !== null) output.note(memory.note)
  const sha256 = sha256Of(bytes)
  const sizeBytes = bytes.length
  const object = {
    portPath,
    usbId: usbIdText(device),
    protocol,
    alternate,
    memory: name,
    address,
    sizeBytes,
    sha256,
    file,
  }
  const text = `saved ${sizeBytes} bytes of ${placeText({ memory: memory.name, address: memory.address })} of ${usbIdText(device)} on ${portPath} to ${file}`
  output.result({ uploaded: object }, `${text}\nSHA-256 ${sha256}`)
}

function progressTeller(output: Output, { clock }: BusTools): (progress: DfuProgress) => void {
  let toldAt = clock.monotonic()
  return ({ doneBytes, totalBytes }) => {
    if (clock.monotonic() - toldAt < toldEveryMs) return
    toldAt = clock.monotonic()
    output.note(totalBytes > doneBytes ? `read ${doneBytes} of ${totalBytes} bytes` : `read ${doneBytes} bytes`)
  }
}
