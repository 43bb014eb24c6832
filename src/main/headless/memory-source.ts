// The memory of one board, to be read: a DFU device in its loader, or brought there out of its program, or a Particle board in
// DFU mode. Only the board it is given is opened.
import { Fault } from '../../shared/fault/fault.ts'
import type { DfuProtocol } from '../../shared/model/dfu-identity.ts'
import { habitsOf } from '../station/devices/quirk-book.ts'
import { detach } from '../station/dfu/detach.ts'
import { readDfuFacts } from '../station/dfu/facts.ts'
import type { LoaderMemory } from '../station/dfu/loader-memories.ts'
import { type LoaderSession, openLoader } from '../station/dfu/loader-session.ts'
import type { DfuListener } from '../station/dfu/progress.ts'
import { openDfu } from '../station/dfu/session.ts'
import { usbIdentityOf } from '../station/identity/usb-identity.ts'
import { platformOf } from '../station/platforms/platforms.ts'
import { watchPort } from '../station/slots/port-watch.ts'
import type { UsbDevice } from '../station/usb/usb-port.ts'
import type { BusTools } from './with-bus.ts'

export interface ReadRequest {
  readonly alternate: number
  /** null for plain DFU, which has no addresses. */
  readonly address: number | null
  /** null: plain DFU, until the device has no more. */
  readonly sizeBytes: number | null
  readonly onProgress: DfuListener
}

export interface MemorySource {
  readonly protocol: DfuProtocol
  readonly memories: readonly LoaderMemory[]
  /** As it is read: in DFU mode. */
  readonly device: UsbDevice
  /** bcdDevice of the program that ran before; null where the board was in DFU mode already. */
  readonly programRevision: number | null
  read(request: ReadRequest): Promise<Uint8Array>
  /** Back to its program where that ran before; a sentence where that is not certain. Throws nothing. */
  end(): Promise<string | null>
}

/** From DFU_DETACH to its loader on the bus. */
const enterLoaderMs = 15_000

/** Throws CALL_REJECTED for what is no board, DFU_BY_BUTTON where a person has to bring it into DFU mode, and DFU_*, USB_*. */
export async function openMemory(device: UsbDevice, tools: BusTools): Promise<MemorySource> {
  const identity = usbIdentityOf(device)
  if (identity.kind === 'refused') throw new Fault('CALL_REJECTED', `${device.portPath}: ${identity.reason}`)
  if (identity.kind === 'stranger') return openDevice(device, tools)
  if (identity.mode === 'normal') {
    throw new Fault('DFU_BY_BUTTON', `the ${identity.platform} on ${device.portPath} runs its firmware`)
  }
  const { clock, signal } = tools
  const session = await openDfu(device, { clock, signal, family: platformOf(identity.platform).mcu })
  const alternates = session.descriptors.alternates.map(({ alternate }) => alternate)
  const memories = alternates.map((alternate) => ({ alternate, map: session.memory(alternate) }))
  return {
    ...{ protocol: 'dfuse', device, programRevision: null },
    memories: memories.map(({ alternate, map }) => ({ alternate, map, name: `@${map.name}` })),
    read: ({ address, sizeBytes, ...request }) =>
      session.read({ ...request, address: address ?? 0, sizeBytes: sizeBytes ?? 0 }),
    end: async () => {
      await session.close()
      return null
    },
  }
}

async function openDevice(found: UsbDevice, tools: BusTools): Promise<MemorySource> {
  const { clock, signal, quirks } = tools
  const facts = readDfuFacts(found, habitsOf(quirks, found).habits)
  if (!facts) throw new Fault('CALL_REJECTED', `what is on ${found.portPath} is no DFU device`)
  const ranBefore = facts.mode === 'normal'
  const device = ranBefore ? await intoLoader(found, tools) : found
  const loader = await openLoader(device, { clock, signal, habits: habitsOf(quirks, device).habits })
  return {
    ...{ protocol: loader.protocol, memories: loader.memories, device },
    programRevision: ranBefore ? found.deviceRelease : null,
    read: (request) => loader.read(request),
    end: async () => {
      const doubt = ranBefore && !signal.aborted ? await leave(loader) : null
      await loader.close()
      return doubt
    },
  }
}

/** DFU_DETACH, and the device in DFU mode that comes to the port after it. */
async function intoLoader(device: UsbDevice, { bus, clock, signal, quirks }: BusTools): Promise<UsbDevice> {
  const { habits, returnPatienceMs } = habitsOf(quirks, device)
  const port = watchPort(device.portPath, () => undefined)
  port.arrived(device)
  const stop = bus.watch(({ kind, device: each }) => {
    if (each.portPath !== port.portPath) return
    if (kind === 'arrived') port.arrived(each)
    else port.left(each)
  })
  try {
    const { how } = await detach(device, { clock, signal, habits })
    if (how === 'already there') return device
    const endsAt = clock.monotonic() + Math.max(enterLoaderMs, returnPatienceMs ?? 0)
    for (let previous = device; ; ) {
      const next = await port.nextDevice(previous, { timeoutMs: endsAt - clock.monotonic(), clock, signal })
      signal.throwIfAborted()
      if (!next) throw new Fault('MODE_SWITCH_TIMEOUT', `no loader came to ${port.portPath} after DFU_DETACH`)
      if (readDfuFacts(next, habitsOf(quirks, next).habits)?.mode === 'dfu') return next
      previous = next
    }
  } finally {
    stop()
  }
}

async function leave(loader: LoaderSession): Promise<string | null> {
  try {
    const { isExpected, lastState } = await loader.leave(loader.memories[0]?.map?.segments[0]?.startAddress ?? null)
    return isExpected ? null : `the device may have stayed in DFU mode: it said ${lastState ?? 'nothing'}`
  } catch (thrown) {
    return `the device may have stayed in DFU mode: ${thrown instanceof Error ? thrown.message : String(thrown)}`
  }
}
