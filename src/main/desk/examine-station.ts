// The doctor: what this machine has and lacks for real USB work, each finding with what to do about it. It looks at
// files only; it opens no device and loads no USB library.
import { accessSync, constants, existsSync, readdirSync, readFileSync, statfsSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { DoctorFinding } from '../../shared/contract/contract.ts'
import { quirkFileName } from '../station/devices/known-quirks.ts'
import { parseQuirks } from '../station/devices/quirk-file.ts'
import { dataFolderAt } from './data-folder.ts'
import { readUserQuirks } from './user-quirks.ts'

const particleVendor = '2b04'
const leastFreeBytes = 500 * 1024 * 1024
const rulesFolders = ['/etc/udev/rules.d', '/run/udev/rules.d', '/usr/lib/udev/rules.d', '/lib/udev/rules.d']

export function examineStation(dataFolder: string): readonly DoctorFinding[] {
  return [checkNode(), checkDataFolder(dataFolder), checkDisk(dataFolder), checkQuirks(dataFolder), ...checkUsb()]
}

function checkNode(): DoctorFinding {
  const major = Number(process.versions.node.split('.')[0])
  const ok = major >= 24
  return {
    name: 'Node',
    ok,
    detail: `version ${process.versions.node}`,
    remedy: ok ? null : 'Start the station by its npm scripts; they bring Node 24.',
  }
}

/** A folder that is not there yet is made at the first start, in the nearest one that is. */
function nearestFolder(folder: string): string {
  return existsSync(folder) || folder === dirname(folder) ? folder : nearestFolder(dirname(folder))
}

function checkDataFolder(folder: string): DoctorFinding {
  const nearest = nearestFolder(folder)
  const ok = isWritable(nearest) && statSync(nearest).isDirectory()
  const remedy = ok ? null : 'Give this user write access, or choose another folder with --data.'
  return { name: 'Data folder', ok, detail: folder, remedy }
}

function checkDisk(folder: string): DoctorFinding {
  const { bavail, bsize } = statfsSync(nearestFolder(folder))
  const freeBytes = bavail * bsize
  const ok = freeBytes >= leastFreeBytes
  const detail = `${Math.round(freeBytes / 1024 / 1024)} MiB free`
  return { name: 'Disk', ok, detail, remedy: ok ? null : 'Free disk space: without it no record can be written.' }
}

function checkQuirks(folder: string): DoctorFinding {
  const { text, fault } = readUserQuirks(dataFolderAt(folder).quirks)
  const { length } = parseQuirks(text, quirkFileName).rows
  const own = length === 0 ? 'none beside the built-in ones' : `${length} of this station beside the built-in ones`
  const remedy = fault ? 'Mend that line of the file, then start the station again: docs/quirks.md.' : null
  return { name: 'Quirks of devices', ok: fault === null, detail: fault?.detail ?? own, remedy }
}

function checkUsb(): readonly DoctorFinding[] {
  if (process.platform === 'win32') return [windowsDriver]
  if (process.platform !== 'linux') return [{ name: 'USB', ok: true, detail: 'no driver is needed here', remedy: null }]
  return [checkBus(), checkRule(), ...checkBoards()]
}

const windowsDriver: DoctorFinding = {
  name: 'WinUSB driver',
  ok: true,
  detail: 'Windows binds WinUSB to boards by itself; a board that cannot be opened shows USB_ACCESS_DENIED.',
  remedy: null,
}

function checkBus(): DoctorFinding {
  const ok = existsSync('/dev/bus/usb')
  return {
    name: 'USB bus',
    ok,
    detail: ok ? '/dev/bus/usb' : 'this machine has no /dev/bus/usb',
    remedy: ok ? null : 'Use a machine with USB, or simulated boards: --sim boron:4',
  }
}

function checkRule(): DoctorFinding {
  const rule = rulesFolders.flatMap(filesIn).find((file) => mentionsParticle(file))
  const ok = rule !== undefined || process.getuid?.() === 0
  return {
    name: 'udev rule',
    ok,
    detail: rule ?? (ok ? 'none, and not needed by this user' : 'none allows this user to open boards'),
    remedy: ok ? null : 'Copy resources/udev/50-dfu-station.rules to /etc/udev/rules.d and plug the boards in again.',
  }
}

/** Particle boards that are plugged in now, and whether this user may open them. */
function checkBoards(): readonly DoctorFinding[] {
  const root = '/sys/bus/usb/devices'
  return filesIn(root)
    .filter((device) => readText(join(device, 'idVendor')) === particleVendor)
    .map((device) => {
      const number = (name: string) => readText(join(device, name)).padStart(3, '0')
      const node = `/dev/bus/usb/${number('busnum')}/${number('devnum')}`
      const ok = isWritable(node)
      const name = `Board on port ${device.slice(root.length + 1)}`
      return { name, ok, detail: node, remedy: ok ? null : 'This user may not open it: see the udev rule.' }
    })
}

function filesIn(folder: string): readonly string[] {
  return existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : []
}

function mentionsParticle(file: string): boolean {
  return file.endsWith('.rules') && readText(file).toLowerCase().includes(particleVendor)
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim()
  } catch {
    return ''
  }
}

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.R_OK | constants.W_OK)
    return true
  } catch {
    return false
  }
}
