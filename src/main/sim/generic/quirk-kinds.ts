// The devices that need a quirk: one kind for each product whose departure from the standard can be simulated, under the
// ids (and the release, where it counts) by which hosts know it. What their programs are called on USB is known of few;
// the others have ids that belong to no product. Atmel's FLIP loaders are none of them: they speak another protocol.
import { idsOf, plainKind, stKind } from './device-kind.ts'
import { defaultProfile, defaultStProfile } from './device-profile.ts'

type Changes = Parameters<typeof plainKind>[1]

/** Ids of its loader and of its program. */
function quirk(productName: string, [dfu, normal]: readonly [string, string | number], changes: Changes) {
  return plainKind(productName, { ...changes, ids: { normal: idsOf(normal), dfu: idsOf(dfu) } })
}

/** It says what 24 bits can say, and answers whoever does not believe it. */
const nonsense = { poll: 'most', early: 'busy' } as const
const tolerant = { isManifestationTolerant: true } as const
/** Works only while it is asked, and says that it needs no time. */
const eager = { poll: 'zero', early: 'busy', questionsPerBlock: 20 } as const
const quickMemory = { ...defaultProfile.memories[0], eraseMsPerPage: 0, programMsPerKib: 0 }
const quick = { memories: [quickMemory], manifestMs: 4000 } as const
const jabra = {
  ...{ attributes: tolerant, returnsByItself: false },
  oddities: { upload: 'rubbish', wayBack: 'second-bus-reset' },
} as const
const mStack = {
  attributes: { ...tolerant, willDetach: false },
  oddities: { startsAfterTransfer: true },
} as const
const detaching = { attributes: tolerant, oddities: { wayBack: 'detach' } } as const

export const plainQuirkKinds = {
  // ignore-polltimeout
  'quirk-openpcd': quirk('OpenPCD', ['16c0:076b', 0x40], { oddities: nonsense }),
  'quirk-openpicc': quirk('OpenPICC', ['16c0:076c', 0x41], { oddities: nonsense }),
  'quirk-simtrace': quirk('SIMtrace', ['16c0:0762', 0x42], { oddities: nonsense }),
  'quirk-siemens-pxm40': quirk('PXM 40', ['0908:02c4', 0x43], { deviceRelease: 0, oddities: nonsense }),
  'quirk-siemens-pxm50': quirk('PXM 50', ['0908:02c5', 0x44], { deviceRelease: 0, oddities: nonsense }),
  'quirk-maudio': quirk('Transit', ['0763:2806', 0x45], { oddities: nonsense }),
  // ignore-polltimeout, no-pid-change, no-dfu-runtime, needs-bootloader, no-get-status-upload
  'quirk-openmoko': quirk('Neo FreeRunner', ['1d50:5119', '1d50:5119'], {
    ...{ program: 'no-dfu', attributes: { ...tolerant, willDetach: false } },
    oddities: { ...nonsense, upload: 'not-after-status' },
  }),
  // allow-zero-polltimeout, manifest-poll, no-bus-reset-attach, index-force-detach
  'quirk-poly-studio': quirk('Poly Studio', ['095d:9218', '095d:9217'], {
    ...{ attributes: tolerant, ...quick },
    oddities: { ...eager, manifestPatienceMs: 300, wayBack: 'alone', detachIndex: 'forced' },
  }),
  // allow-zero-polltimeout, manifest-poll
  'quirk-poly-cube': quirk('Poly Cube', ['095d:9213', '095d:9212'], {
    ...{ attributes: tolerant, ...quick },
    oddities: { ...eager, manifestPatienceMs: 300 },
  }),
  // force-dfu-mode
  'quirk-lpc': quirk('LPC DFU', ['1fc9:000c', 0x46], {
    ...{ program: 'no-dfu' },
    descriptor: { interfaceClass: [0xfe, 1, 1] },
  }),
  // attach-upload-download
  'quirk-mstack-1003': quirk('m-stack 1003', ['273f:1003', 0x47], mStack),
  'quirk-mstack-1008': quirk('m-stack 1008', ['273f:1008', 0x48], mStack),
  'quirk-mstack-100a': quirk('m-stack 100A', ['273f:100a', 0x49], mStack),
  // no-pid-change, ignore-upload, attach-extra-reset
  'quirk-jabra-410': quirk('Speak 410', ['0b0e:0411', '0b0e:0411'], jabra),
  'quirk-jabra-510': quirk('Speak 510', ['0b0e:0421', '0b0e:0421'], jabra),
  'quirk-jabra-710': quirk('Speak 710', ['0b0e:0982', '0b0e:0982'], jabra),
  'quirk-jabra-810': quirk('Speak 810', ['0b0e:0971', '0b0e:0971'], jabra),
  // detach-for-attach
  'quirk-realtek': quirk('USB Camera', ['0bda:5800', '0bda:5850'], detaching),
  'quirk-aver-atlas': quirk('ATLAS CAM', ['34ad:0006', 0x4a], detaching),
  'quirk-aver-cam520': quirk('CAM520 Pro2', ['2574:0a30', 0x4b], detaching),
  'quirk-flatfrog': quirk('FlatFrog', ['25b5:0004', 0x4c], detaching),
  'quirk-sunplus-0b1e': quirk('Camera 0B1E', ['1bcf:0b1e', 0x4d], detaching),
  'quirk-sunplus-0b22': quirk('Camera 0B22', ['1bcf:0b22', 0x4e], detaching),
  'quirk-sonix-636c': quirk('Camera 636C', ['0c45:636c', 0x4f], detaching),
  'quirk-sonix-636d': quirk('Camera 636D', ['0c45:636d', 0x50], detaching),
  // ignore-polltimeout, detach-for-attach
  'quirk-sunplus-0b1d': quirk('Camera 0B1D', ['1bcf:0b1d', 0x51], {
    ...detaching,
    oddities: { ...detaching.oddities, ...nonsense },
  }),
  // DfuForceVersion 0x0110: it says DfuSe and is plain.
  'quirk-maple': quirk('Maple 003', ['1eaf:0003', '1eaf:0004'], {
    ...{ deviceRelease: 0x0200, program: 'no-dfu' },
    descriptor: { toldVersion: 0x011a },
    memories: [
      { ...quickMemory, name: 'DFU Program RAM 0x20000C00', sizeBytes: 16 * 1024 },
      { ...defaultProfile.memories[0], name: 'DFU Program FLASH 0x08005000', sizeBytes: 108 * 1024 },
    ],
    programAlternate: 1,
  }),
}

export const stQuirkKinds = {
  // absent-sector-size
  'quirk-st-sector-size': stKind({ chip: 'unitless' }),
  // will-disappear: its program has no USB.
  'quirk-st-disappears': stKind({ program: 'dark' }),
  // DfuForceVersion 0x011A
  'quirk-st-version': stKind({ toldVersion: 0x0110 }),
  // DfuForceTimeout 5000: a transfer lasts as long as an erase of which it said nothing.
  'quirk-st-timeout': stKind({ chip: 'f4-hasty' }),
  // gd32, will-disappear
  'quirk-gd32': stKind(
    {
      ...{ productName: 'GD32VF103', chip: 'gd32', program: 'dark' },
      ids: { ...defaultStProfile.ids, dfu: idsOf('28e9:0189') },
    },
    '3CBJ',
  ),
  // no-dfu-runtime, needs-bootloader: behind it is the ROM of its chip.
  'quirk-hydrabus': stKind({
    ...{ productName: 'HydraBus', program: 'no-dfu' },
    ids: { ...defaultStProfile.ids, normal: idsOf('1d50:60a7') },
  }),
}
