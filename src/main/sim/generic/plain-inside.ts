// A plain DFU device from inside: a program with a DFU runtime interface, and a loader behind it that holds it back while
// it is not whole.
import type { AccountBook } from '../account.ts'
import { status } from '../dfu/dfu-words.ts'
import { stallReply } from '../face-reply.ts'
import { noise } from '../synthetic/noise.ts'
import { loaderDescriptors, plainFunctional, programDescriptors } from './device-descriptors.ts'
import type { DeviceInside, InsideHost, SerialNumber } from './device-inside.ts'
import { createDeviceMemory, type DeviceMemory } from './device-memory.ts'
import type { PlainProfile } from './device-profile.ts'
import { headerBytes, toldRelease, withHeader } from './image-header.ts'
import { joinInterfaces, type LoaderFace } from './loader-face.ts'
import { createPlainDfu } from './plain-dfu.ts'
import { createRuntimeDfu } from './runtime-dfu.ts'

interface PlainOptions {
  readonly profile: PlainProfile
  readonly serialNumber: SerialNumber
  readonly account: AccountBook
}

interface Inside extends PlainOptions {
  readonly memories: readonly DeviceMemory[]
  /** OK, or why its program cannot be started. */
  programStatus: number
  readonly owed: { resets: number }
}

export function createPlainInside(options: PlainOptions): DeviceInside {
  const { profile, account } = options
  const memories = profile.memories.map((memory, at) =>
    createDeviceMemory(memory, account, at === profile.programAlternate ? factoryProgram(profile) : new Uint8Array()),
  )
  const interfaces = new Set(profile.memories.map(({ interfaceNumber = 0 }) => interfaceNumber))
  const inside: Inside = { ...options, memories, programStatus: status.ok, owed: { resets: 0 } }
  return {
    powerOn: () => {
      inside.owed.resets = 0
    },
    afterReset: (into) => (inside.programStatus === status.ok ? into : 'dfu'),
    program: (host) => program(inside, host),
    loader: (host) => ({
      descriptors: loaderDescriptors(profile, options),
      face: joinInterfaces([...interfaces].map((number) => loaderFace(inside, host, number))),
    }),
    memoryCount: memories.length,
    memory: (alternate) => {
      const memory = memories[alternate]
      if (!memory) throw new RangeError(`no alternate setting ${alternate}`)
      return memory.read(0, memory.sizeBytes)
    },
  }
}

function program({ profile, serialNumber, memories }: Inside, host: InsideHost) {
  const { detachTimeoutMs, attributes, oddities, productName, ids } = profile
  const hasDfu = profile.program !== 'no-dfu'
  const descriptors = programDescriptors({
    ...{ ids: ids.normal, release: releaseOf(profile, memories), productName, serialNumber },
    own: profile.program === 'bluetooth' ? 'bluetooth' : 'vendor',
    runtime: hasDfu ? (plainFunctional(profile) ?? []) : null,
  })
  const runtime = createRuntimeDfu(
    { detachTimeoutMs, willDetach: attributes.willDetach, detachIndex: oddities.detachIndex },
    { ...host, enterLoader: () => host.restart('dfu') },
  )
  return { descriptors, face: hasDfu ? runtime : { ...runtime, request: () => stallReply } }
}

function loaderFace(inside: Inside, host: InsideHost, interfaceNumber: number): LoaderFace {
  const { profile, memories, owed } = inside
  return createPlainDfu({
    profile,
    memories: memories.filter((_, at) => (profile.memories[at]?.interfaceNumber ?? 0) === interfaceNumber),
    ...{ interfaceNumber, owed },
    startStatus: interfaceNumber === 0 ? inside.programStatus : status.ok,
    host: {
      ...host,
      markProgram: (statusCode) => {
        inside.programStatus = statusCode
      },
    },
  })
}

function factoryProgram({ productName, memories, ids, deviceRelease, programAlternate }: PlainProfile): Uint8Array {
  const sizeBytes = memories[programAlternate]?.sizeBytes ?? 0
  const payload = noise(productName, sizeBytes / 4 - headerBytes)
  return withHeader({ ids: ids.dfu, release: deviceRelease }, payload)
}

/** A program shows its own release, a loader that of the device. */
function releaseOf({ ids, deviceRelease, programAlternate }: PlainProfile, memories: readonly DeviceMemory[]): number {
  const start = memories[programAlternate]?.read(0, headerBytes) ?? new Uint8Array()
  return toldRelease(ids.dfu, start) ?? deviceRelease
}
