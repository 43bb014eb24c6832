// The user part and its places: the two slots of nRF52 boards, of which one would hide the other, and the copy that a
// factory reset restores. Pure.
import { Fault } from '../../../shared/fault/fault.ts'
import type { ParticleIdentity } from '../../../shared/model/identity.ts'
import { type FirmwareModule, moduleName } from '../../../shared/model/module.ts'
import type { FactoryImage, PlanStep } from '../../../shared/model/plan.ts'
import { boundsOf, platformOf } from '../platforms/platforms.ts'
import { systemFrom } from './platform-limits.ts'
import { deviceOsName, reportedOn, systemAtEnd } from './system-versions.ts'

/** First pages of the user slots of nRF52 boards: a module is found by what lies there. */
const smallSlotPage = { alternate: 0, address: 0xd_4000, sizeBytes: 4096 } as const
const largeSlotPage = { alternate: 0, address: 0xb_4000, sizeBytes: 4096 } as const

/** Throws PLAN_REFUSED for two applications, and for one that the Device OS at the end would not find. */
export function refuseUserSlots(board: ParticleIdentity, modules: readonly FirmwareModule[]): void {
  const users = modules.filter((module) => module.kind === 'user')
  const [first, second] = users
  if (first && second) {
    const both = `${first.source} and ${second.source}`
    throw new Fault('PLAN_REFUSED', `two applications, of which a board runs one: ${both}`)
  }
  const system = systemAtEnd(board, modules)
  const isKept = users.length === 0 && hasLargeSlot(board) && reportedOn(board, { kind: 'user', index: 2 }) !== null
  if (!isKept || system === null || system >= systemFrom.hasLargeUserSlot) return
  const lost = `${deviceOsName(system)} does not know the 256 KiB slot that the application on the board lies in`
  throw new Fault('PLAN_REFUSED', `${lost}: let the recipe bring user firmware too`)
}

/** What hides the application, or would stay hidden behind it, goes first. */
export function clearOtherSlot(
  board: ParticleIdentity,
  modules: readonly FirmwareModule[],
  user: FirmwareModule,
): readonly PlanStep[] {
  if (user.kind !== 'user' || !hasLargeSlot(board)) return []
  if (user.index === 2) {
    // A longer one is written over that page.
    if (user.endAddress > smallSlotPage.address) return []
    const reason = 'a module in the former 128 KiB user slot would hide the new one'
    return [{ kind: 'clear', range: smallSlotPage, reason }]
  }
  // Below 3.1.0 there is no such slot, and the system part may reach into that page.
  if ((systemAtEnd(board, modules) ?? 0) < systemFrom.hasLargeUserSlot) return []
  const reason = 'a module in the 256 KiB user slot would stay behind the new one, hidden'
  return [{ kind: 'clear', range: largeSlotPage, reason }]
}

function hasLargeSlot({ platform }: ParticleIdentity): boolean {
  const user2 = { kind: 'user', index: 2, version: 0 } as const
  return platformOf(platform).mcu === 'nrf52840' && boundsOf(platform, user2) !== null
}

/**
 * The user firmware of the recipe in the place of the factory image. Throws PLAN_REFUSED where the platform has no such
 * place, where the recipe has no user firmware, and for one that is too long. Where the size of the external flash
 * decides, the address is settled in DFU mode; the plan shows that of the smaller flash.
 */
export function factoryImageFor(board: ParticleIdentity, modules: readonly FirmwareModule[]): FactoryImage {
  const { title, factoryImages } = platformOf(board.platform)
  const [place] = factoryImages
  if (!place) throw new Fault('PLAN_REFUSED', `the ${title} has no factory reset image; let the recipe keep it`)
  const module = modules.find(({ kind }) => kind === 'user')
  if (!module) {
    throw new Fault(
      'PLAN_REFUSED',
      'the recipe keeps the user firmware of the board: none to put into the factory image',
    )
  }
  if (module.sizeBytes > place.sizeBytes) {
    const fits = `the factory reset image takes ${place.sizeBytes} bytes`
    throw new Fault('PLAN_REFUSED', `${moduleName(module)} has ${module.sizeBytes} bytes, ${fits}`)
  }
  const { alternate, address } = place
  return { module, range: { alternate, address, sizeBytes: module.sizeBytes } }
}
