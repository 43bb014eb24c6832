// The bootloader as it starts on one board: its memories, the machine of its family, scripted faults around both.
import type { AccountBook } from '../account.ts'
import type { FaultScript } from '../fault-script.ts'
import type { PlatformLayout } from '../layouts.ts'
import { errorStringIndex } from '../usb/dfu-descriptors.ts'
import type { DfuFace, DfuHost, DfuStart } from './dfu-face.ts'
import { type BoardMemory, type DfuMemory, dfuMemories } from './dfu-memory.ts'
import { command } from './dfu-words.ts'
import { type BlockCount, type FaultHost, withFaults } from './faulty-dfu.ts'
import { withWriteFaults } from './faulty-memory.ts'
import { eraseFormerUserPart } from './former-user-part.ts'
import { createNrfRtlDfu } from './nrf-rtl-dfu.ts'
import { withServiceMode } from './service-mode.ts'
import { createStm32Dfu } from './stm32-dfu.ts'

export interface DfuEntry {
  readonly layout: PlatformLayout
  readonly chips: BoardMemory
  readonly account: AccountBook
  readonly script: FaultScript
  readonly host: DfuHost & FaultHost
  readonly start: DfuStart
}

const blankVersion = 0xffff
/** Bootloader module version of 3.1.0: the first that knows the 256 KB user part. */
const largeUserVersion = 1100
/** Bootloader module versions of 6.1.1 and 6.2.0: the first with the safe-mode command, the first to tell its state. */
const safeModeVersion = 3001
const deviceStateVersion = 3100

export function createDfuFace(entry: DfuEntry): DfuFace {
  const { layout, script, host, start } = entry
  const count: BlockCount = { downloaded: 0, uploaded: 0 }
  const memories = memoriesOf(entry).map((memory) => withWriteFaults(memory, script, count))
  const machine =
    layout.family === 'gen2'
      ? createStm32Dfu({ memories, host, start })
      : createNrfRtlDfu({
          memories,
          host,
          start,
          commands: commandsOf(bootloaderVersion(entry)),
          errorStringIndex: errorStringIndex[layout.family],
        })
  return withFaults(machine, { script, count, host })
}

function memoriesOf({ layout, chips, account, host }: DfuEntry): readonly DfuMemory[] {
  const clearsFormerUser = layout.family === 'nrf52' && bootloaderVersion({ layout, chips }) >= largeUserVersion
  return dfuMemories(layout, chips, account).map((memory, index) => {
    const name = layout.alternates[index]?.memory ?? 'internal'
    const isCleared = clearsFormerUser && name === 'internal'
    const whole = isCleared ? eraseFormerUserPart(memory, layout.platformId) : memory
    return withServiceMode(whole, { layout, memory: name, protection: host.protection })
  })
}

/** Module version in the header of the bootloader that lies in flash; 0 where there is none. */
function bootloaderVersion({ layout, chips }: Pick<DfuEntry, 'layout' | 'chips'>): number {
  const bytes = chips.internal.read(layout.bootloaderHeaderAt + 10, 2)
  const version = (bytes[0] ?? 0) | ((bytes[1] ?? 0) << 8)
  return version === blankVersion ? 0 : version
}

/** Whether this bootloader answers string 0xFA; older ones and Gen 2 stall. */
export function tellsDeviceState(entry: Pick<DfuEntry, 'layout' | 'chips'>): boolean {
  return entry.layout.family !== 'gen2' && bootloaderVersion(entry) >= deviceStateVersion
}

function commandsOf(version: number): readonly number[] {
  const basic = [command.getCommands, command.setAddress, command.erase]
  if (version >= deviceStateVersion) return [...basic, command.enterSafeMode, command.clearOverride]
  return version >= safeModeVersion ? [...basic, command.enterSafeMode] : basic
}
