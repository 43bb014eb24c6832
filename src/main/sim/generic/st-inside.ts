// An STM32 from inside: a loader in ROM that nothing can hurt, and a program in flash that is started wherever the host
// says, right or wrong. What the program shows on USB is in the program; a program that crashes shows nothing.
import type { AccountBook } from '../account.ts'
import { stallReply } from '../face-reply.ts'
import { noise } from '../synthetic/noise.ts'
import { describeDevice, type ShownInterface } from '../usb/describe-device.ts'
import { u16 } from '../usb/descriptors.ts'
import { programDescriptors } from './device-descriptors.ts'
import type { DeviceInside, InsideHost, SerialNumber, ShownMode } from './device-inside.ts'
import type { StProfile } from './device-profile.ts'
import { createRuntimeDfu } from './runtime-dfu.ts'
import { type StChip, stChips } from './st-chips.ts'
import { createStMemory, type StMemory } from './st-memory.ts'
import { type ProgramFacts, programIn, stProgram } from './st-program.ts'
import { createStRom, stTransferBytes } from './st-rom.ts'

interface StOptions {
  readonly profile: StProfile
  readonly serialNumber: SerialNumber
  /** Its BOOT0 pin is held: every reset leads to the ROM. */
  readonly isRomForced: boolean
  readonly account: AccountBook
}

interface Inside extends StOptions {
  readonly chip: StChip
  readonly memory: StMemory
  /** Where its ROM was told to jump to; null: where a reset begins. */
  entry: number | null
}

/** bmAttributes: download, upload, will detach. */
const attributes = 0x0b
const selfPowered = 0xc0
/** From the last answer of the ROM until it is off the bus. Model. */
const leaveMs = 20
const factoryBytes = 24 * 1024

export function createStInside(options: StOptions): DeviceInside {
  const { profile, account } = options
  const chip = stChips[profile.chip]
  const content = factoryProgram(profile, chip)
  const { isReadProtected: isProtected, writes } = profile
  const memory = createStMemory({ chip, account, content, isProtected, writes })
  const inside: Inside = { ...options, chip, memory, entry: null }
  return {
    powerOn: () => {
      inside.entry = null
    },
    afterReset: (into) => afterReset(inside, into),
    program: (host) => program(inside, host),
    loader: (host) => loader(inside, host),
    memoryCount: 1 + chip.others.length,
    memory: memory.alternate,
  }
}

function factoryProgram({ program: shows, ids, deviceRelease, productName }: StProfile, chip: StChip): Uint8Array {
  if (shows === null) return new Uint8Array()
  const facts = { ids: ids.normal, release: deviceRelease, shows }
  return stProgram(facts, chip.flashBase, noise(productName, factoryBytes))
}

function afterReset(inside: Inside, into: ShownMode): ShownMode | 'dark' {
  const { memory, chip } = inside
  if (into === 'dfu') inside.entry = null
  const isRom = into === 'dfu' || (inside.entry === null && chip.startsRomWhenBlank && memory.isBlank())
  if (isRom) return memory.protection() === 'level 2' ? 'dark' : 'dfu'
  const facts = runningProgram(inside)
  return facts && facts.shows !== 'dark' ? 'normal' : 'dark'
}

function runningProgram({ memory, chip, entry }: Inside): ProgramFacts | null {
  const base = entry ?? chip.flashBase
  const bytes = memory.flashFrom(base)
  const found = bytes && programIn(bytes, base)
  return found === 'unknown' ? null : found
}

function program(inside: Inside, host: InsideHost) {
  const { profile, serialNumber } = inside
  const facts = runningProgram(inside)
  if (!facts) throw new RangeError('no program runs that shows itself')
  const { detachTimeoutMs, productName } = profile
  const descriptors = programDescriptors({
    ...{ ids: facts.ids, release: facts.release, productName, serialNumber },
    own: 'vendor',
    runtime: facts.shows === 'dfu-runtime' ? functionalOf(profile) : null,
  })
  const enterLoader = () => host.restart('dfu')
  const runtime = createRuntimeDfu({ detachTimeoutMs, willDetach: true }, { ...host, enterLoader })
  return { descriptors, face: facts.shows === 'dfu-runtime' ? runtime : { ...runtime, request: () => stallReply } }
}

function functionalOf({ detachTimeoutMs, toldVersion }: StProfile): readonly number[] {
  return [9, 0x21, attributes, ...u16(detachTimeoutMs), ...u16(stTransferBytes), ...u16(toldVersion)]
}

function loader(inside: Inside, host: InsideHost) {
  const { profile, chip, memory, serialNumber, isRomForced } = inside
  const names = [chip.flashText, ...chip.others.map(({ text }) => text)]
  const functional = functionalOf(profile)
  const face = createStRom({
    chip,
    memory,
    alternates: names.length,
    host: {
      hostMs: host.hostMs,
      leave: (address) =>
        host.later(leaveMs, () => {
          inside.entry = address
          host.restart('normal')
        }),
      resetAfter: (delayMs, act) =>
        host.later(delayMs, () => {
          act()
          inside.entry = null
          host.restart(isRomForced ? 'dfu' : 'normal')
        }),
    },
  })
  const interfaces = names.map(
    (name, alternate): ShownInterface => ({
      ...{ number: 0, alternate, interfaceClass: [0xfe, 1, 2], name },
      extra: alternate === names.length - 1 ? functional : [],
    }),
  )
  const descriptors = describeDevice({
    ...profile.ids.dfu,
    ...{ release: chip.release, manufacturer: chip.maker, product: chip.product },
    serialNumber: chip.serialForm === '8-bit' && serialNumber !== null ? eightBitString(serialNumber) : serialNumber,
    ...{ attributes: selfPowered, interfaces, functional },
  })
  return { descriptors, face }
}

/** A string descriptor of a device that takes no account of UTF-16. */
function eightBitString(text: string): Uint8Array {
  return Uint8Array.from([2 + text.length, 3, ...Buffer.from(text, 'latin1')])
}
