// doctor: what this machine lacks for real USB, and what to do about it.
import { execFile } from 'node:child_process'
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import type { DoctorFinding } from '../../../shared/contract/contract.ts'
import { dataFolderAt } from '../../desk/data-folder.ts'
import { examineStation } from '../../desk/examine-station.ts'
import type { CommandLine } from '../arguments.ts'
import { type ExitCode, exitCodes } from '../exit-codes.ts'
import type { Output } from '../output.ts'

const run = promisify(execFile)
const nativeTimeoutMs = 10_000

export async function doctor(line: CommandLine, output: Output): Promise<ExitCode> {
  const findings = [...examineStation(dataFolderAt(line.data).root), await nativeUsb()]
  for (const finding of findings) {
    const { name, ok, detail, remedy } = finding
    output.result(finding, `${ok ? 'ok     ' : 'MISSING'} ${name}: ${detail}${remedy ? `. ${remedy}` : ''}`)
  }
  return findings.every(({ ok }) => ok) ? exitCodes.ok : exitCodes.stationFailed
}

/** libusb is loaded in a process of its own: a native crash must not take the doctor along. */
async function nativeUsb(): Promise<DoctorFinding> {
  const name = 'USB library'
  const entry = pathToFileURL(createRequire(import.meta.url).resolve('usb')).href
  const script = `import(${JSON.stringify(entry)}).then((usb) => console.log(usb.getDeviceList().length))`
  try {
    const { stdout } = await run(process.execPath, ['--input-type=module', '-e', script], { timeout: nativeTimeoutMs })
    return { name, ok: true, detail: `loads, and sees ${stdout.trim()} devices`, remedy: null }
  } catch (thrown) {
    const why = thrown instanceof Error ? (thrown.message.split('\n')[0] ?? '') : String(thrown)
    return { name, ok: false, detail: why, remedy: 'Run "npm ci" again; the prebuilt library must fit this system.' }
  }
}
