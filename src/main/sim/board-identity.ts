// Identities of simulated boards: device IDs with the prefix of their family, serial numbers, ICCIDs with a right check
// digit, IMEIs. All follow from platform and number, so a bench is the same on every run, and no two boards are alike.
import { createHash } from 'node:crypto'
import type { BoardFacts, SimPlatform } from './board-parts.ts'
import { type SimFamily, simPlatformOf } from './sim-platforms.ts'

/** Hex prefix of the 24-digit device ID; the Wi-Fi address follows on RTL. The STM32 ID has none that is fixed. */
const deviceIdPrefixes: Readonly<Record<SimFamily, string>> = { gen2: '', nrf52: 'e00fce68', rtl872x: '0a10aced2021' }
const deviceIdDigits = 24
const serialLength = 15
/** Telecom, country 1, issuer; then the account and a check digit make 19 digits. */
const iccidPrefix = '8901410'
const imeiPrefix = '35875609'

/** Facts of the `index`-th board of a bench; with `deviceId` given, its other numbers follow from that. */
export function makeFacts(platform: SimPlatform, index: number, deviceId: string | null = null): BoardFacts {
  const seed = createHash('sha256')
    .update(deviceId ?? `${platform} board ${index}`)
    .digest('hex')
  const { family, isCellular, serialPrefix } = simPlatformOf(platform)
  const prefix = deviceIdPrefixes[family]
  return {
    platform,
    deviceId: deviceId ?? prefix + seed.slice(0, deviceIdDigits - prefix.length),
    serialNumber: (serialPrefix + seed.slice(30).toUpperCase()).slice(0, serialLength),
    iccid: isCellular ? withCheckDigit(iccidPrefix + decimals(seed.slice(24, 40), 11)) : null,
    imei: isCellular ? withCheckDigit(imeiPrefix + decimals(seed.slice(40, 52), 6)) : null,
  }
}

function decimals(hex: string, count: number): string {
  return (BigInt(`0x${hex}`) % 10n ** BigInt(count)).toString().padStart(count, '0')
}

/** The digits with their Luhn check digit (ISO/IEC 7812-1). */
export function withCheckDigit(digits: string): string {
  const sum = [...digits].reverse().reduce((total, digit, n) => total + luhnValue(Number(digit), n % 2 === 0), 0)
  return digits + String((10 - (sum % 10)) % 10)
}

function luhnValue(digit: number, isDoubled: boolean): number {
  if (!isDoubled) return digit
  return digit > 4 ? digit * 2 - 9 : digit * 2
}
