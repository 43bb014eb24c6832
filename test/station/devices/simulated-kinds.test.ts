// Every simulated kind of device, in both of its modes: told from descriptors, identified, and known by the quirks that it
// needs. What is no DFU device is never spoken to.
import { describe, expect, it } from 'vitest'
import { parseBenchSpec } from '../../../src/main/sim/bench-spec.ts'
import { deviceKindNames } from '../../../src/main/sim/generic/device-kinds.ts'
import { createDfuDevice } from '../../../src/main/sim/generic/dfu-device.ts'
import { createSimulatedBus } from '../../../src/main/sim/simulated-bus.ts'
import { createVirtualClock } from '../../../src/main/sim/virtual-clock.ts'
import { type DeviceKind, deviceKind } from '../../../src/main/station/devices/device-kind.ts'
import { identifyDevice } from '../../../src/main/station/devices/identify-device.ts'
import { stationQuirks } from '../../../src/main/station/devices/known-quirks.ts'
import type { DfuIdentity } from '../../../src/shared/model/dfu-identity.ts'

/** Kinds that belong to no product, and need what only a user can know of them. */
const own: Readonly<Record<string, string>> = {
  'dfu-wrong-protocol': '[USB\\VID_1209]\nFlags = force-dfu-mode',
  'dfu-wrong-class': '[USB\\VID_1209]\nFlags = use-any-interface',
}

interface Met {
  readonly kind: DeviceKind | 'dark'
  readonly board: DfuIdentity | null
  /** Transfers that the device has seen, enumeration apart. */
  readonly transfers: number
}

async function meet(name: string, start: 'normal' | 'dfu'): Promise<Met> {
  const book = stationQuirks(own[name] ?? null)
  const [placed] = parseBenchSpec(name)
  if (placed?.kind !== 'dfu-device') return expect.unreachable()
  const clock = createVirtualClock()
  await using bus = createSimulatedBus({ clock, speed: 1 })
  const simulated = createDfuDevice({ ...placed.spec, start })
  bus.plug(placed.portPath, simulated)
  await clock.sleep(5_000)
  const [device] = bus.devices()
  if (!device) return { kind: 'dark', board: null, transfers: 0 }
  const before = simulated.account().transfers
  const kind = deviceKind(device, book)
  const asked = simulated.account().transfers - before
  if (kind !== 'dfu device') return { kind, board: null, transfers: asked }
  expect(asked).toBe(0)
  const { signal } = new AbortController()
  return { kind, board: await identifyDevice(device, { clock, signal, book }), transfers: 0 }
}

/** By the first word of what a kind needs its quirk for. */
const needs: Readonly<Record<string, readonly string[]>> = {
  'quirk-openpcd': ['ignore-polltimeout'],
  'quirk-openpicc': ['ignore-polltimeout'],
  'quirk-simtrace': ['ignore-polltimeout'],
  'quirk-siemens-pxm40': ['ignore-polltimeout'],
  'quirk-siemens-pxm50': ['ignore-polltimeout'],
  'quirk-maudio': ['ignore-polltimeout'],
  'quirk-openmoko': ['ignore-polltimeout', 'no-pid-change', 'needs-bootloader', 'no-get-status-upload'],
  'quirk-poly-studio': ['allow-zero-polltimeout', 'manifest-poll', 'no-bus-reset-attach', 'index-force-detach'],
  'quirk-poly-cube': ['allow-zero-polltimeout', 'manifest-poll'],
  'quirk-lpc': ['force-dfu-mode'],
  'quirk-mstack-1003': ['attach-upload-download'],
  'quirk-mstack-1008': ['attach-upload-download'],
  'quirk-mstack-100a': ['attach-upload-download'],
  'quirk-jabra-410': ['no-pid-change', 'ignore-upload', 'attach-extra-reset'],
  'quirk-jabra-510': ['no-pid-change', 'ignore-upload', 'attach-extra-reset'],
  'quirk-jabra-710': ['no-pid-change', 'ignore-upload', 'attach-extra-reset'],
  'quirk-jabra-810': ['no-pid-change', 'ignore-upload', 'attach-extra-reset'],
  'quirk-realtek': ['detach-for-attach'],
  'quirk-aver-atlas': ['detach-for-attach'],
  'quirk-aver-cam520': ['detach-for-attach'],
  'quirk-flatfrog': ['detach-for-attach'],
  'quirk-sunplus-0b1d': ['detach-for-attach', 'ignore-polltimeout'],
  'quirk-sunplus-0b1e': ['detach-for-attach'],
  'quirk-sunplus-0b22': ['detach-for-attach'],
  'quirk-sonix-636c': ['detach-for-attach'],
  'quirk-sonix-636d': ['detach-for-attach'],
  'quirk-maple': ['DfuForceVersion=0x0110'],
  'quirk-st-sector-size': ['absent-sector-size'],
  'quirk-st-disappears': ['will-disappear'],
  'quirk-st-version': ['DfuForceVersion=0x011a'],
  'quirk-st-timeout': ['DfuForceTimeout=5000'],
  'quirk-gd32': ['gd32', 'force-dfu-mode', 'will-disappear'],
  'quirk-hydrabus': [],
}

/** What its own name says that it is not. */
const strangers: readonly string[] = ['mouse']

describe.each(deviceKindNames.filter((name) => !strangers.includes(name)))('%s', (name) => {
  it('in DFU mode is identified, with the quirks that it needs', async () => {
    const { kind, board } = await meet(name, 'dfu')
    expect(kind).toBe('dfu device')
    expect(board).toMatchObject({ mode: 'dfu', protocol: { known: true } })
    expect(board?.memories.length).toBeGreaterThan(0)
    const ofProgram = (await meet(name, 'normal')).board?.quirks ?? []
    const found = [...(board?.quirks ?? []), ...ofProgram]
    expect((needs[name] ?? []).filter((quirk) => !found.includes(quirk))).toEqual([])
    if (needs[name] === undefined) expect(board?.protocol.known && board.protocol.value).toMatch(/^dfu(se)?$/)
  })

  it('with its program is told in its run-time mode, or left alone where that has no DFU', async () => {
    const { kind, board, transfers } = await meet(name, 'normal')
    expect(['dfu device', 'other', 'dark']).toContain(kind)
    if (board?.mode === 'normal') expect(board.memories).toEqual([])
    expect(transfers).toBe(0)
  })
})

it.each(strangers)('a %s is something else, and nothing is sent to it', async (name) => {
  expect(await meet(name, 'normal')).toEqual({ kind: 'other', board: null, transfers: 0 })
})

it('every kind that needs a quirk is looked at', () => {
  expect(Object.keys(needs).sort()).toEqual(deviceKindNames.filter((name) => name.startsWith('quirk-')).sort())
})
