// What a person types on the computer that shall have the simulated boards, word for word.
import { isIPv6 } from 'node:net'
import { usbipPort } from '../sim/usbip/usbip-server.ts'

export interface AttachWords {
  /** Debian's usbip and its like, as root. */
  readonly linux: readonly string[]
  /** usbip-win2, in a prompt of an administrator. */
  readonly windows: readonly string[]
}

/** `busId`: the board that the example attaches. */
export function attachWords(place: { readonly host: string; readonly port: number }, busId: string): AttachWords {
  const host = isAnyAddress(place.host) ? 'ADDRESS-OF-THIS-COMPUTER' : place.host
  const options = place.port === usbipPort ? '' : ` --tcp-port ${place.port}`
  const words = (program: string) => [
    `${program}${options} list -r ${host}`,
    `${program}${options} attach -r ${host} -b ${busId}`,
  ]
  return { linux: ['modprobe vhci-hcd', ...words('usbip')], windows: words('usbip.exe') }
}

/** Nobody but this computer reaches it. */
export function isLoopback(host: string): boolean {
  return isIPv6(host) ? host === '::1' : host.startsWith('127.')
}

function isAnyAddress(host: string): boolean {
  return host === '0.0.0.0' || host === '::'
}
