// The steps that walk a ledger forward, in order: the n-th makes version n. A step that was shipped never changes.
import type { Database } from 'better-sqlite3'
import { createLedger } from './0001-ledger.ts'
import { addKindsOfJob } from './0002-kinds-of-job.ts'
import { addDfuDevices } from './0003-dfu-devices.ts'

export type Migration = (database: Database) => void

export const migrations: readonly Migration[] = [createLedger, addKindsOfJob, addDfuDevices]
