// How long a recipe lasts: so many boards that it passed, or until a moment. Asked in the transaction that opens a
// record, so that boards which start together cannot pass the limit together; a restart forgets nothing.
// A DFU device is never known again, for a thousand pieces may tell the same serial number to one port after the other:
// each of its records counts. Too many boards is the one mistake a limit must not make.
import type { Database } from 'better-sqlite3'
import { Fault } from '../../shared/fault/fault.ts'
import type { RecordOpening } from '../../shared/model/record.ts'

/** The device ID of a Particle board; the record stands for any other. */
const board = 'coalesce(r.device_id, r.record_id)'

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
  return ({ limits, recipeName, recipeSha256, isSimulated, deviceId }) => {
    if (!limits) return
    const { boards, notAfter } = limits
    if (notAfter !== null && now() > notAfter) throw expired(recipeName, notAfter)
    const values = { recipeSha256, name: knownName(deviceId), isSimulated: isSimulated ? 1 : 0 }
    if (boards === null || counted.get(values) === 1) return
    const taken = Number(others.get(values))
    if (taken >= boards) throw reached(recipeName, boards, taken)
  }
}

/** Empty, which no board is called, for one that cannot be known again. */
function knownName(deviceId: RecordOpening['deviceId']): string {
  return deviceId ?? ''
}

function expired(recipeName: string, notAfter: number): Fault {
  return new Fault('RECIPE_EXPIRED', `${recipeName} was to be used until ${new Date(notAfter).toISOString()}`)
}

function reached(recipeName: string, boards: number, taken: number): Fault {
  const what = `${recipeName} is for ${boards} boards, and ${taken} have passed or are being worked on`
  return new Fault('RECIPE_LIMIT_REACHED', what)
}
