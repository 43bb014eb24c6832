// How long a recipe lasts: so many boards that it passed, or until a moment. Asked in the transaction that opens a
// record, so that boards which start together cannot pass the limit together; a restart forgets nothing.
// A DFU device is known again by its ids and serial number; where that is missing or equal on others, nothing tells one
// board from the next, and every record counts: too many boards is the one mistake a limit must not make.
import type { Database } from 'better-sqlite3'
import { Fault } from '../../shared/fault/fault.ts'
import type { RecordOpening } from '../../shared/model/record.ts'
import { deviceColumns } from './device-rows.ts'

/** The name of a board that can be known again; else the record stands for it. */
const board = 'coalesce(r.device_id, iif(r.has_own_serial = 1, r.device_name, NULL), r.record_id)'

/** Boards, not records: one that is worked on again is no further board. Open records hold a place until they close. */
const boardsOf = `
SELECT count(DISTINCT ${board}) FROM record AS r LEFT JOIN closing AS c ON c.record_id = r.record_id
WHERE r.recipe_sha256 = @recipeSha256 AND r.is_simulated = @isSimulated AND ${board} <> @name
  AND (c.outcome IS NULL OR c.outcome = 'pass')`

const isCounted = `
SELECT EXISTS (SELECT 1 FROM record AS r JOIN closing AS c ON c.record_id = r.record_id
WHERE r.recipe_sha256 = @recipeSha256 AND r.is_simulated = @isSimulated AND ${board} = @name AND c.outcome = 'pass')`

/** Throws RECIPE_EXPIRED or RECIPE_LIMIT_REACHED when the recipe takes no further board. Prepares its statements once. */
export function limitKeeper(database: Database, now: () => number): (opening: RecordOpening) => void {
  const others = database.prepare(boardsOf).pluck()
  const counted = database.prepare(isCounted).pluck()
  return ({ limits, recipeName, recipeSha256, isSimulated, ...opening }) => {
    if (!limits) return
    const { boards, notAfter } = limits
    if (notAfter !== null && now() > notAfter) throw expired(recipeName, notAfter)
    const values = { recipeSha256, name: knownName(opening), isSimulated: isSimulated ? 1 : 0 }
    if (boards === null || counted.get(values) === 1) return
    const taken = Number(others.get(values))
    if (taken >= boards) throw reached(recipeName, boards, taken)
  }
}

/** Empty, which no board is called, for a device that cannot be known again. */
function knownName({ deviceId, device }: Pick<RecordOpening, 'deviceId' | 'device'>): string {
  const { deviceName, hasOwnSerial } = deviceColumns(device)
  return deviceId ?? (hasOwnSerial === 1 ? deviceName : '')
}

function expired(recipeName: string, notAfter: number): Fault {
  return new Fault('RECIPE_EXPIRED', `${recipeName} was to be used until ${new Date(notAfter).toISOString()}`)
}

function reached(recipeName: string, boards: number, taken: number): Fault {
  const what = `${recipeName} is for ${boards} boards, and ${taken} have passed or are being worked on`
  return new Fault('RECIPE_LIMIT_REACHED', what)
}
