// Requests 76 and 77: whether the board is protected, and the way out of service mode. As Device OS answers them
// (control/config.cpp, security_mode.cpp); a simulated board carries no keys, so no server can unlock it.
import type { NormalModeHost } from '../board-parts.ts'
import { since } from '../boot/device-os-eras.ts'
import { bytesOf, decode, encode, flag, uintOf } from './protobuf.ts'
import { done, type RequestHandler, refused, systemErrors } from './request-answer.ts'

const actions = { reset: 0, prepare: 1, confirm: 2 } as const
const nonceBytes = 32

/** By request type; refused as not supported by an older release. */
export function protectionHandlers(
  host: NormalModeHost,
  systemVersion: () => number,
): Readonly<Record<number, RequestHandler>> {
  const fromThatRelease =
    (handler: RequestHandler): RequestHandler =>
    (fields, payload) =>
      systemVersion() < since.securityMode ? refused(systemErrors.notSupported) : handler(fields, payload)
  return {
    // In service mode the state is "none": what is overridden is told apart.
    76: fromThatRelease(() =>
      done(encode([...flag(1, host.protection === 'protected'), ...flag(2, host.protection === 'service')])),
    ),
    77: fromThatRelease((fields) => {
      switch (uintOf(fields, 1)) {
        case actions.reset:
          host.clearOverride?.()
          return done()
        case actions.prepare: {
          const prepare = decode(bytesOf(fields, 2))
          if (!prepare || bytesOf(prepare, 1).length !== nonceBytes) return refused(systemErrors.invalidArgument)
          // Nothing to unlock; else the answer is signed with the device key, which is not there.
          return host.protection === 'open' ? done() : refused(systemErrors.badData)
        }
        case actions.confirm:
          return refused(systemErrors.invalidState)
        default:
          return refused(systemErrors.invalidArgument)
      }
    }),
  }
}
