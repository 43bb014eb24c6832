// fwupdtool at the devices of the test kernel, with the way around what Debian 12's version cannot (fwupd-netlink.c).
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { type ClientRun, runClient } from './run-client.ts'

export type FwupdTool = (...words: readonly string[]) => Promise<ClientRun>

/** `folder`: for what has to be compiled. */
export async function openFwupdTool(folder: string): Promise<FwupdTool> {
  const source = join(import.meta.dirname, 'fwupd-netlink.c')
  const library = join(folder, 'netlink.so')
  const compiled = await runClient('gcc', ['-shared', '-fPIC', '-o', library, source, '-ldl'])
  assert.equal(compiled.status, 0, compiled.stderr)
  const common = ['--plugins', 'dfu', '--no-device-prompt', '--no-reboot-check']
  return (...words) => runClient('fwupdtool', [...words, ...common], { LD_PRELOAD: library })
}
