// Plain DFU devices that keep to the standard, or break it in one way that no quirk is known for, under ids that belong
// to no product: pid.codes gives out none below 1209:1000.
import { idsOf, plainKind } from './device-kind.ts'
import { defaultProfile, type PlainProfile } from './device-profile.ts'

/** Of its program; its loader has the next one. */
const ids = (productId: number) => ({ normal: idsOf(productId), dfu: idsOf(productId + 1) })
const [program] = defaultProfile.memories
const settings = { ...program, name: 'Settings', sizeBytes: 16 * 1024 }
const radio = { ...program, name: 'Radio', sizeBytes: 64 * 1024, interfaceNumber: 1 } as const
const resetOnly = { attributes: { willDetach: false }, returnsByItself: false } as const

const wrong = (descriptor: Partial<PlainProfile['descriptor']>, memories: PlainProfile['memories'] = [program]) =>
  plainKind('Misdescribed Device', { ids: ids(0x26), memories, descriptor, oddities: { blocksBy: 'order' } })
const liar = (oddities: Partial<PlainProfile['oddities']>) => plainKind('Lying Device', { ids: ids(0x28), oddities })

export const plainKinds = {
  dfu: plainKind(defaultProfile.productName, {}),
  'dfu-tolerant': plainKind('Tolerant Device', { ids: ids(0x20), attributes: { isManifestationTolerant: true } }),
  // Leaves the bus for nothing but a bus reset, on its way there and on its way back.
  'dfu-nontolerant': plainKind('Intolerant Device', { ids: ids(0x22), ...resetOnly }),
  'dfu-noupload': plainKind('Silent Device', { ids: ids(0x24), attributes: { canUpload: false } }),
  'dfu-wrong-descriptor': wrong({ toldTransferBytes: 0xffff, toldVersion: 0x0101 }),
  'dfu-wrong-short': wrong({ form: 'short' }),
  'dfu-wrong-zero': wrong({ toldTransferBytes: 0 }),
  'dfu-wrong-missing': wrong({ form: 'missing' }),
  'dfu-wrong-place': wrong({ place: 'first' }, [program, settings]),
  'dfu-wrong-version': wrong({ toldVersion: 0x0101 }),
  'dfu-wrong-protocol': wrong({ interfaceClass: [0xfe, 1, 1] }),
  'dfu-wrong-class': wrong({ interfaceClass: [0xff, 0, 0] }),
  // Says 0 and is busy, and stalls whoever asks meanwhile.
  'dfu-liar': liar({ poll: 'zero', early: 'stall' }),
  'dfu-liar-minute': liar({ poll: 'minute', early: 'busy' }),
  'dfu-liar-most': liar({ poll: 'most', early: 'busy' }),
  'dfu-10': plainKind('DFU 1.0 Device', { ids: ids(0x2a), ...resetOnly, descriptor: { toldVersion: 0x0100 } }),
  'dfu-two': plainKind('Two Interfaces', { ids: ids(0x2c), memories: [program, settings, radio] }),
  'dfu-deaf': plainKind('Deaf Device', { ids: ids(0x2e), oddities: { writes: 'deaf' } }),
  'dfu-flipper': plainKind('Flipping Device', { ids: ids(0x30), oddities: { writes: 'flips' } }),
  'laptop-bluetooth': plainKind('Bluetooth Controller', { ids: ids(0x72), program: 'bluetooth' }),
}
