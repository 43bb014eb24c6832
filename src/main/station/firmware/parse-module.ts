// Reads and checks one module file, whole: nothing is believed that the bytes do not prove, and every refusal says
// which check failed. Works on bytes alone; it must not know files, folders or boards.
import { moduleName } from '../../../shared/model/module.ts'
import { platformNameOf } from '../../../shared/model/platform.ts'
import { forbiddenReason, otherPlatformName, platformOf } from '../platforms/platforms.ts'
import { inspectSingle } from './inspect-single.ts'
import { maxModuleFileBytes } from './limits.ts'
import type { BoardModule, ModuleFacts } from './module-facts.ts'
import { hex, kindOfFunction, knownFlags, moduleFlags, smallestModule } from './module-format.ts'
import { findPrefix, type ModulePrefix } from './module-prefix.ts'
import { sha256Of } from './module-suffix.ts'
import { Refusal, type Refuse, refuser } from './refusal.ts'

/** What a program that flashes asks for: a module for a board. Asset modules, which fit any board, are refused here. */
export function parseModule(bytes: Uint8Array, about: { readonly source: string }): BoardModule {
  const { module } = inspectModule(bytes, about)
  if (module.platform !== 'any') return module
  return refuser('parse', about.source)('UNKNOWN_MODULE', 'an asset module goes with an application, not by itself')
}

/** Every fact of a module file, checked. Throws a Refusal of layer parse that names `source`. */
export function inspectModule(bytes: Uint8Array, about: { readonly source: string }): ModuleFacts {
  const refuse = refuser('parse', about.source)
  if (bytes.length === 0) refuse('EMPTY_FILE', 'the file is empty')
  if (bytes.length < smallestModule)
    refuse('TOO_SHORT', `${bytes.length} bytes; a module has ${smallestModule} at least`)
  if (bytes.length > maxModuleFileBytes) refuse('TOO_LARGE', `${bytes.length} bytes; no module is that large`)
  const prefix =
    findPrefix(bytes) ??
    refuse(
      'NOT_FIRMWARE',
      'no Particle module header where one must be; for another DFU device it is imported as an image',
    )
  refuseByName(prefix, refuse)
  if (prefix.endAddress <= prefix.startAddress) {
    refuse('BAD_ADDRESS', `${titleOf(prefix)} ends at ${hex(prefix.endAddress)} before ${hex(prefix.startAddress)}`)
  }
  if (prefix.declaredBytes > bytes.length) {
    refuse('TRUNCATED', `${titleOf(prefix)} of ${prefix.declaredBytes} bytes, but the file has ${bytes.length}`)
  }
  if (isCombined(prefix)) return inspectCombined(bytes, prefix, about)
  if (prefix.declaredBytes < bytes.length) {
    refuse('SIZE_MISMATCH', `${titleOf(prefix)} of ${prefix.declaredBytes} bytes, but the file has ${bytes.length}`)
  }
  return inspectSingle(bytes, prefix, about.source)
}

/** Platforms and modules that are known and never taken say so before anything else is looked at. */
function refuseByName(prefix: ModulePrefix, refuse: Refuse): void {
  const kind = kindOfFunction(prefix.functionId)
  const other = otherPlatformName(prefix.platformId)
  if (other !== null && kind !== 'asset') {
    refuse('UNSUPPORTED_PLATFORM', `firmware for the ${other} (platform ${prefix.platformId}), which is not supported`)
  }
  const platform = platformNameOf(prefix.platformId)
  if (platform === null || kind === null) return
  const reason = forbiddenReason(platform, { kind, index: prefix.index })
  if (reason !== null) refuse('FORBIDDEN_MODULE', `${titleOf(prefix)}: ${reason}`)
}

function isCombined(prefix: ModulePrefix): boolean {
  return (prefix.flags & moduleFlags.combined) !== 0 && (prefix.flags & ~knownFlags) === 0
}

/** Device OS applies two modules of one file at most; both are checked as if each were a file. */
function inspectCombined(bytes: Uint8Array, prefix: ModulePrefix, about: { readonly source: string }): ModuleFacts {
  const refuse = refuser('parse', about.source)
  const first = inspectSingle(bytes.subarray(0, prefix.declaredBytes), prefix, about.source)
  const rest = bytes.subarray(prefix.declaredBytes)
  if (rest.length === 0) refuse('BAD_COMBINED', 'says that a second module follows, and none does')
  // Before it is looked into: a file of ten thousand modules must not be followed that deep.
  const next = findPrefix(rest)
  if (next && isCombined(next)) refuse('BAD_COMBINED', 'more than two modules in one file')
  const second = secondOf(rest, about.source)
  if (first.module.platform === 'any' || second.module.platform !== first.module.platform) {
    refuse('BAD_COMBINED', 'the two modules are for different platforms')
  }
  const isSynthetic = first.module.isSynthetic || second.module.isSynthetic
  const whole = { sizeBytes: bytes.length, sha256: sha256Of(bytes), isSynthetic }
  return { ...first, inner: second, module: { ...first.module, ...whole } }
}

function secondOf(rest: Uint8Array, source: string): ModuleFacts {
  try {
    return inspectModule(rest, { source })
  } catch (thrown) {
    if (!(thrown instanceof Refusal)) throw thrown
    return refuser('parse', source)(
      'BAD_COMBINED',
      `the second module is bad: ${thrown.what} (${thrown.reason})`,
      thrown,
    )
  }
}

function titleOf(prefix: ModulePrefix): string {
  const platform = platformNameOf(prefix.platformId)
  const kind = kindOfFunction(prefix.functionId)
  const name = kind === null ? `module function ${prefix.functionId}` : moduleName({ kind, index: prefix.index })
  const platformTitle = platform === null ? `platform ${prefix.platformId}` : platformOf(platform).title
  return `${platformTitle} ${name} version ${prefix.version}`
}
