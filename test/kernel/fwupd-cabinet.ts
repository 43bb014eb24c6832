// A cabinet as a vendor publishes it for fwupd: a firmware file and the AppStream words that say for which devices it
// is, and which release. Packed by fwupd's own tool.
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runClient } from './run-client.ts'

export interface CabinetFacts {
  readonly folder: string
  readonly firmware: Uint8Array
  /** As fwupd tells them of the device, in each of its modes. */
  readonly guids: readonly string[]
  /** As in "2.3" for the bcdDevice 0x0203. */
  readonly version: string
}

/** Path of the cabinet. */
export async function buildCabinet({ folder, firmware, guids, version }: CabinetFacts): Promise<string> {
  const [cabinet, file, words] = ['firmware.cab', 'firmware.dfu', 'firmware.metainfo.xml'].map((name) =>
    join(folder, name),
  ) as [string, string, string]
  writeFileSync(file, firmware)
  writeFileSync(words, metainfo(guids, version))
  const { status, stdout, stderr } = await runClient('fwupdtool', ['build-cabinet', cabinet, file, words])
  assert.equal(status, 0, `${stdout}\n${stderr}`)
  return cabinet
}

function metainfo(guids: readonly string[], version: string): string {
  const provided = guids.map((guid) => `<firmware type="flashed">${guid}</firmware>`).join('')
  return `<?xml version="1.0" encoding="UTF-8"?>
<component type="firmware">
  <id>station.simulated.dfu.firmware</id>
  <name>Plain DFU Device</name>
  <summary>Program of a simulated device</summary>
  <developer_name>DFU Station</developer_name>
  <metadata_license>CC0-1.0</metadata_license>
  <project_license>MIT</project_license>
  <description><p>For tests.</p></description>
  <provides>${provided}</provides>
  <releases>
    <release version="${version}" date="2026-01-01" urgency="low">
      <description><p>For tests.</p></description>
      <checksum filename="firmware.dfu" target="content"/>
    </release>
  </releases>
  <custom>
    <value key="LVFS::VersionFormat">bcd</value>
    <value key="LVFS::UpdateProtocol">org.usb.dfu</value>
  </custom>
</component>
`
}
