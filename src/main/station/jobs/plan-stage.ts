// A Gen 2 bootloader for a Device OS that takes no control request: laid into the OTA area over DFU, with the flag in the
// DCT that makes Device OS apply it when it starts. Elsewhere the OTA area has moved between releases: never there. Pure.
import { Fault } from '../../../shared/fault/fault.ts'
import { type FirmwareModule, moduleName } from '../../../shared/model/module.ts'
import type { PlanStep } from '../../../shared/model/plan.ts'
import { platformOf } from '../platforms/platforms.ts'

/** One byte of the DCT, 0xA5 while an update waits (dct.h): alternate setting 1 of the bootloader. */
const updateFlag = { alternate: 1, address: 1753, sizeBytes: 1 } as const

/** Device OS applies one module a start; Gen 2 has no second bootloader. */
export function stageSteps(module: FirmwareModule, onlyIfDifferent: boolean): readonly PlanStep[] {
  const [area] = platformOf(module.platform).otaAreas
  if (area?.alternate !== 0) throw new Fault('INTERNAL', `${moduleName(module)} cannot be staged on this platform`)
  const range = { alternate: area.alternate, address: area.address, sizeBytes: module.sizeBytes }
  const step = { kind: 'stage', module, range, flag: updateFlag } as const
  return [onlyIfDifferent ? { ...step, onlyIfDifferent } : step]
}
