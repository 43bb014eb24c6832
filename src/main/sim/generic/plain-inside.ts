// A plain DFU device from inside: a program with a DFU runtime interface, and a loader behind it that holds it back while
// it is not whole.
import type { AccountBook } from '../account.ts'
import { status } from '../dfu/dfu-words.ts'
import { noise } from '../synthetic/noise.ts'
import { loaderDescriptors, plainFunctional, programDescriptors } from './device-descriptors.ts'
import type { DeviceInside, SerialNumber } from './device-inside.ts'
import { createDeviceMemory, type DeviceMemory } from './device-memory.ts'
import type { PlainProfile } from './device-profile.ts'
import { headerBytes, toldRelease, withHeader } from './image-header.ts'
import { createPlainDfu } from './plain-dfu.ts'
import { createRuntimeDfu } from './runtime-dfu.ts'

interface PlainOptions {
  readonly profile: PlainProfile
  readonly serialNumber: SerialNumber
  readonly account: AccountBook
}

export function createPlainInside({ profile, serialNumber, account }: PlainOptions): DeviceInside {
  const memories = profile.memories.map((memory, alternate) =>
    createDeviceMemory(memory, account, alternate === 0 ? factoryProgram(profile) : new Uint8Array()),
  )
  /** OK, or why its program cannot be started. */
  let programStatus: number = status.ok
  return {
    powerOn: () => {},
    afterReset: (into) => (programStatus === status.ok ? into : 'dfu'),
    program: (host) => ({
      descriptors: programDescriptors({
        ids: profile.ids.normal,
        release: releaseOf(profile, memories),
        productName: profile.productName,
        serialNumber,
        functional: plainFunctional(profile),
      }),
      face: createRuntimeDfu(
        { detachTimeoutMs: profile.detachTimeoutMs, willDetach: profile.attributes.willDetach },
        { ...host, enterLoader: () => host.restart('dfu') },
      ),
    }),
    loader: (host) => ({
      descriptors: loaderDescriptors(profile, { release: profile.deviceRelease, serialNumber }),
      face: createPlainDfu({
        profile,
        memories,
        startStatus: programStatus,
        host: {
          ...host,
          markProgram: (statusCode) => {
            programStatus = statusCode
          },
          restart: () => host.restart('normal'),
        },
      }),
    }),
    memory: (alternate) => {
      const memory = memories[alternate]
      if (!memory) throw new RangeError(`no alternate setting ${alternate}`)
      return memory.read(0, memory.sizeBytes)
    },
  }
}

function factoryProgram({ productName, memories, ids, deviceRelease }: PlainProfile): Uint8Array {
  const payload = noise(productName, memories[0].sizeBytes / 4 - headerBytes)
  return withHeader({ ids: ids.dfu, release: deviceRelease }, payload)
}

/** A program shows its own release, a loader that of the device. */
function releaseOf({ ids, deviceRelease }: PlainProfile, memories: readonly DeviceMemory[]): number {
  return toldRelease(ids.dfu, memories[0]?.read(0, headerBytes) ?? new Uint8Array()) ?? deviceRelease
}
