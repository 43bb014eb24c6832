// The memories of a device with their maps: where each region lies, its sectors, and what the device allows there.
import { addressText } from '../../../shared/model/address.ts'
import type { DfuMemory } from '../../../shared/model/dfu-identity.ts'
import { deviceTexts } from '../../text/device.ts'
import { sizeText } from '../../text/format.ts'
import { slotTexts } from '../../text/slot.ts'
import table from '../../ui/table.module.css'
import { type MemoryRegion, readMemoryMap } from './memory-map.ts'

export function MemoryTable({ memories }: { readonly memories: readonly DfuMemory[] }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a part that scrolls must be reachable by keyboard.
    <section className={table['scroll']} tabIndex={0} aria-label={deviceTexts.memoryTable}>
      <table className={table['table']}>
        <thead>
          <tr>
            <th scope="col" className={table['number']}>
              {deviceTexts.alternate}
            </th>
            <th scope="col">{deviceTexts.memory}</th>
            <th scope="col">{deviceTexts.addresses}</th>
            <th scope="col" className={table['number']}>
              {slotTexts.bytes}
            </th>
            <th scope="col">{deviceTexts.sectors}</th>
            <th scope="col">{deviceTexts.rights}</th>
          </tr>
        </thead>
        <tbody>
          {memories.map((memory) => (
            <MemoryRows key={memory.alternate} memory={memory} />
          ))}
        </tbody>
      </table>
    </section>
  )
}

function MemoryRows({ memory: { alternate, name } }: { readonly memory: DfuMemory }) {
  const map = name === null ? null : readMemoryMap(name)
  if (map === null) {
    return (
      <tr>
        <td className={table['number']}>{alternate}</td>
        <th scope="row">{name ?? deviceTexts.unnamed}</th>
        <td colSpan={4} className={table['soft']}>
          {deviceTexts.noMap}
        </td>
      </tr>
    )
  }
  return map.regions.map((region, place) => (
    <tr key={region.start}>
      <td className={table['number']}>{place === 0 && alternate}</td>
      <th scope="row">{place === 0 && map.label}</th>
      <RegionCells region={region} />
    </tr>
  ))
}

function RegionCells({ region }: { readonly region: MemoryRegion }) {
  const sectors = region.sectors.map(({ count, sizeBytes }) => deviceTexts.sectorsOf(count, sizeText(sizeBytes)))
  return (
    <>
      <td className={table['mono']}>
        {addressText(region.start)} – {addressText(region.start + region.sizeBytes - 1)}
      </td>
      <td className={table['number']}>{sizeText(region.sizeBytes)}</td>
      <td>{sectors.join(', ')}</td>
      <td>{deviceTexts.rightsOf(region)}</td>
    </>
  )
}
