// Ids of bootloaders that many products share, since they come with a chip or with a development kit: who has them says
// nothing of which product it is.
import { usbIdText } from '../../../shared/model/dfu-identity.ts'
import type { DeviceIds } from './instance-ids.ts'

const sharedIds: Readonly<Record<string, string>> = {
  '0483:df11': 'ROM of ST STM32, and of those who copied its ids',
  '1c11:b007': 'Kiibohd',
  '1cbe:00ff': 'ROM of TI Tiva and Stellaris',
  '1eaf:0003': 'LeafLabs Maple, and STM32duino',
  '1fc9:000c': 'ROM of NXP LPC',
  '28e9:0189': 'ROM of GigaDevice GD32',
  '2e3c:df11': 'ROM of Artery AT32',
  '303a:0002': 'ROM of Espressif ESP32-S2',
  '303a:0009': 'ROM of Espressif ESP32-S3',
  '314b:0106': 'ROM of Geehy APM32',
  '342d:dfa0': 'ROM of WestBerryTech WB32',
}

/** Atmel numbers its bootloaders from the top of this range downwards. */
const atmel = { vendorId: 0x03eb, least: 0x2fde, most: 0x2fff } as const

/** Whose loader it is, in words, where many products have it; null where the ids are those of one product. */
export function sharedLoaderOf({ vendorId, productId }: Pick<DeviceIds, 'vendorId' | 'productId'>): string | null {
  if (vendorId === atmel.vendorId && productId >= atmel.least && productId <= atmel.most) return 'Atmel bootloader'
  return sharedIds[usbIdText({ vendorId, productId })] ?? null
}

/** True where the ids alone do not say which product it is. */
export function isSharedLoader(ids: Pick<DeviceIds, 'vendorId' | 'productId'>): boolean {
  return sharedLoaderOf(ids) !== null
}
