// Words of DFU devices that are no Particle boards: who they are, their memories, their images and how those were proven.
import type { DfuProtocol } from '../../shared/model/dfu-identity.ts'
import type { BoardMode } from '../../shared/model/identity.ts'
import type { ImageProof } from '../../shared/model/record.ts'

export const deviceTexts = {
  product: 'Product',
  manufacturer: 'Manufacturer',
  ids: 'USB ids',
  whoDecides: 'Told apart by',
  notUnique: (twins: string, port: string) =>
    `the port (${port}): the serial number is not unique, a device on ${twins} has the same`,
  noSerial: (port: string) => `the port (${port}): it has no serial number`,
  modes: { normal: 'its own program runs', dfu: 'its loader answers (DFU mode)' } satisfies Record<BoardMode, string>,
  revision: 'Version (REV)',
  loaderRevision: 'Loader version',
  revisionBefore: 'REV before',
  revisionAfter: 'REV after',
  programSilent: 'its program did not run',
  notAskedAgain: 'it was not asked again',
  protocol: 'Protocol',
  protocols: { dfu: 'DFU 1.1', dfuse: 'DfuSe' } satisfies Record<DfuProtocol, string>,
  upload: 'Read back',
  canUpload: 'yes: it can upload',
  cannotUpload: 'no: it cannot upload',
  download: 'Takes firmware',
  loader: 'Loader',
  sharedLoader: 'one that many products share: its ids do not say which this is',
  quirks: 'Quirks',
  noQuirks: 'none',
  inSocket: 'In the socket',

  memories: 'Memories',
  memoryTable: 'Table of memories',
  alternate: 'Alt',
  alternateOf: (alternate: number) => `alt ${alternate}`,
  memory: 'Memory',
  placeOf: (memory: string, address: string) => `${memory} at ${address}`,
  addresses: 'Addresses',
  sectors: 'Sectors',
  sectorsOf: (count: number, size: string) => `${count} × ${size}`,
  rights: 'Allows',
  rightsOf: ({ canRead, canErase, canWrite }: Readonly<Record<'canRead' | 'canErase' | 'canWrite', boolean>>) =>
    [canRead && 'read', canErase && 'erase', canWrite && 'write'].filter(Boolean).join(', ') || 'nothing',
  unnamed: 'without a name',
  noMap: 'no memory map: it takes one whole image from its beginning',

  instances: 'Names of this device',
  instanceTable: 'Table of names',
  instance: 'Instance id',
  guid: 'GUID',

  images: 'Images',
  imageTable: 'Table of images',
  piece: 'Piece',
  address: 'Address',
  noAddress: 'from its start',
  hash: 'SHA-256',
  readBackHash: 'Read back',
  notReadBack: 'not read back',
  otherHash: 'NOT THE SAME',
  proofs: {
    'read-back': 'read back and compared',
    'reported-version': 'version reported by the device: not read back',
    'reported-status': 'reported by the device: not read back',
    none: 'NOT PROVEN',
  } satisfies Record<ImageProof, string>,

  question: 'Which one is it?',
  answerYes: 'If it is that one: START (S) says yes. If it is another: take it out.',
} as const
