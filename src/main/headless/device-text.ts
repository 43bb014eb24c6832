// A DFU device that is no Particle board, as `devices` shows it: one object for scripts, a few lines for people.
import { describeFault } from '../../shared/fault/fault.ts'
import { boardName, boardType } from '../../shared/model/board-name.ts'
import { revisionText, usbIdText } from '../../shared/model/dfu-identity.ts'
import { type Readable, valueOrNull } from '../../shared/model/identity.ts'
import { sharedLoaderOf } from '../station/devices/shared-loaders.ts'
import type { SeenDevice } from './look-at-devices.ts'

/** The first fields are those that a Particle board has, too. */
export function seenObject({ board, isLeftAlone, notes, fault }: SeenDevice) {
  const { portPath, mode, twins, canUpload, canDownload, memories, instances, quirks } = board
  const { manufacturer, productName, serialNumber, protocol } = board
  const readables = { manufacturer, productName, serialNumber, protocol }
  return {
    ...{
      portPath,
      platform: null,
      mode,
      deviceId: null,
      fault: fault && { ...fault, ...describeFault(fault, 'device') },
    },
    ...{ kind: board.kind, type: boardType(board), name: boardName(board), isLeftAlone },
    ...{ usbId: usbIdText(board), revision: revisionText(board.revision) },
    manufacturer: valueOrNull(manufacturer),
    productName: valueOrNull(productName),
    serialNumber: valueOrNull(serialNumber),
    protocol: valueOrNull(protocol),
    ...{ twins, canUpload, canDownload, memories, instances, quirks, notes },
    sharedLoader: sharedLoaderOf(board),
    notReadable: Object.fromEntries(Object.entries(readables).flatMap(([name, value]) => reasonOf(name, value))),
  }
}

export function seenText({ board, isLeftAlone, notes, fault }: SeenDevice): string {
  const { portPath, mode, twins, protocol, memories, instances, quirks } = board
  const loader = sharedLoaderOf(board)
  const alone = isLeftAlone ? '  left alone: no recipe names it' : ''
  return [
    `${portPath}  ${boardType(board)}  ${mode}  ${boardName(board)}${alone}`,
    ...(fault ? [`    ${fault.code}: ${fault.detail}`] : []),
    ...(isLeftAlone
      ? []
      : [`    serial number: ${said(board.serialNumber)}`, `    made by: ${said(board.manufacturer)}`]),
    ...(twins.length > 0 ? [`    the same serial number is on ${twins.join(', ')}: the port tells them apart`] : []),
    `    version of its ${mode === 'dfu' ? 'loader' : 'program'}: ${revisionText(board.revision)}`,
    `    protocol: ${protocol.known ? protocol.value : `not known because ${protocol.reason}`}; ${abilities(board)}`,
    ...memories.map(
      ({ alternate, name }) => `    memory ${alternate}: ${name ?? (isLeftAlone ? 'not asked' : 'no name')}`,
    ),
    ...instances.map(({ instanceId, guid }) => `    ${guid}  ${instanceId}`),
    ...(quirks.length > 0 ? [`    quirks: ${quirks.join(', ')}`] : []),
    ...(loader ? [`    many products share this loader: ${loader}`] : []),
    ...notes.map((note) => `    note: ${note}`),
  ].join('\n')
}

function abilities({ canDownload, canUpload }: SeenDevice['board']): string {
  const can = [canDownload && 'takes downloads', canUpload ? 'can be read back' : 'cannot be read back']
  return can.filter((each) => each !== false).join(', ')
}

function said(value: Readable<string>): string {
  return value.known ? value.value : `not readable because ${value.reason}`
}

function reasonOf(name: string, value: Readable<unknown>): readonly [string, string][] {
  return value.known ? [] : [[name, value.reason]]
}
