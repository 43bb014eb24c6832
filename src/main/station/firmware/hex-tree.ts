// An Intel HEX file as a unit of import: its modules look like the files of one set.
import { moduleName } from '../../../shared/model/module.ts'
import { type CarvedModule, carveHex } from './carve-hex.ts'
import type { OpenedUnit } from './discover.ts'
import { kindOfFunction } from './module-format.ts'
import { findPrefixAt } from './module-prefix.ts'
import { refuser } from './refusal.ts'

/** Throws Refusals of layer hex. `name`: the file as the user knows it. */
export function openHex(name: string, text: Uint8Array): OpenedUnit {
  const { modules, bootRecord } = carveHex(text, refuser('hex', name))
  const files = modules.map((module) => ({ path: titleOf(module), read: async () => module.bytes }))
  return {
    tree: { kind: 'hex', name },
    groups: [{ folder: '', modules: files, manifests: [], bundle: null }],
    manifest: null,
    bootRecord,
  }
}

/** "system 1" by the header; a HEX has no names of its own. */
function titleOf({ address, bytes, isRebuilt }: CarvedModule): string {
  if (isRebuilt) return 'SoftDevice (header put back)'
  const prefix = findPrefixAt(bytes, address)
  const kind = kindOfFunction(prefix?.functionId ?? 0)
  return kind === null || prefix === null ? `module at ${address}` : moduleName({ kind, index: prefix.index })
}
