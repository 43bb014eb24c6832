// Version 1: records, their closings, steps and modules, the hash chain over them and the keys that find them.
// Once shipped this file never changes; what comes later is a new migration.
import type { Database } from 'better-sqlite3'

const tables = `
CREATE TABLE record (
  number                  INTEGER PRIMARY KEY,
  record_id               TEXT NOT NULL UNIQUE CHECK (length(record_id) = 36),
  station_id              TEXT NOT NULL,
  software_version        TEXT NOT NULL,
  slot                    INTEGER NOT NULL CHECK (slot >= 0),
  port_path               TEXT NOT NULL,
  platform                TEXT NOT NULL,
  device_id               TEXT NOT NULL CHECK (length(device_id) = 24 AND device_id NOT GLOB '*[^0-9a-f]*'),
  serial_number           TEXT,
  serial_number_reason    TEXT,
  iccid                   TEXT,
  iccid_reason            TEXT,
  imei                    TEXT,
  imei_reason             TEXT,
  device_os_before        TEXT,
  device_os_before_reason TEXT,
  recipe_name             TEXT NOT NULL,
  recipe_sha256           TEXT NOT NULL CHECK (length(recipe_sha256) = 64),
  is_simulated            INTEGER NOT NULL CHECK (is_simulated IN (0, 1)),
  started_at              INTEGER NOT NULL,
  plan                    TEXT NOT NULL CHECK (json_valid(plan)),
  modules_before          TEXT NOT NULL CHECK (json_valid(modules_before)),
  modules_before_reason   TEXT CHECK (modules_before_reason IS NULL OR modules_before = '[]'),
  operator                TEXT
) STRICT;
CREATE INDEX record_by_start ON record (started_at);
CREATE INDEX record_by_device ON record (device_id, started_at);

CREATE TABLE closing (
  record_id              TEXT PRIMARY KEY NOT NULL REFERENCES record (record_id),
  outcome                TEXT NOT NULL CHECK (outcome IN ('pass', 'fail', 'error', 'aborted', 'interrupted')),
  fault_code             TEXT,
  fault_detail           TEXT,
  ended_at               INTEGER NOT NULL,
  duration_ms            INTEGER NOT NULL CHECK (duration_ms >= 0),
  device_os_after        TEXT,
  device_os_after_reason TEXT,
  iccid                  TEXT,
  imei                   TEXT,
  serial_number          TEXT,
  step_count             INTEGER NOT NULL CHECK (step_count >= 0),
  module_count           INTEGER NOT NULL CHECK (module_count >= 0),
  modules_after          TEXT NOT NULL CHECK (json_valid(modules_after)),
  modules_after_reason   TEXT CHECK (modules_after_reason IS NULL OR modules_after = '[]'),
  CHECK ((fault_code IS NULL) = (fault_detail IS NULL)),
  CHECK (outcome <> 'pass' OR fault_code IS NULL),
  CHECK (outcome NOT IN ('fail', 'error') OR fault_code IS NOT NULL)
) STRICT, WITHOUT ROWID;
CREATE INDEX closing_by_end ON closing (ended_at, outcome);

CREATE TABLE step (
  record_id   TEXT NOT NULL REFERENCES record (record_id),
  position    INTEGER NOT NULL,
  name        TEXT NOT NULL,
  started_at  INTEGER NOT NULL,
  duration_ms INTEGER NOT NULL CHECK (duration_ms >= 0),
  result      TEXT NOT NULL CHECK (result IN ('done', 'failed', 'skipped')),
  bytes       INTEGER NOT NULL CHECK (bytes >= 0),
  detail      TEXT,
  PRIMARY KEY (record_id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE module (
  record_id        TEXT NOT NULL REFERENCES record (record_id),
  position         INTEGER NOT NULL,
  kind             TEXT NOT NULL CHECK (kind IN ('bootloader', 'mono', 'system', 'user', 'ncp', 'radio', 'asset')),
  module_index     INTEGER NOT NULL,
  before_version   INTEGER,
  target_version   INTEGER NOT NULL,
  after_version    INTEGER,
  sha256           TEXT NOT NULL CHECK (length(sha256) = 64),
  read_back_sha256 TEXT CHECK (length(read_back_sha256) = 64),
  proof            TEXT NOT NULL CHECK (proof IN ('read-back', 'reported-hash', 'reported-version', 'none')),
  action           TEXT NOT NULL CHECK (action IN ('written', 'updated', 'unchanged', 'skipped', 'not reached')),
  reason           TEXT,
  PRIMARY KEY (record_id, position),
  CHECK (proof <> 'read-back' OR read_back_sha256 IS NOT NULL)
) STRICT, WITHOUT ROWID;

CREATE TABLE chain (
  sequence      INTEGER PRIMARY KEY,
  record_id     TEXT NOT NULL REFERENCES record (record_id),
  kind          TEXT NOT NULL CHECK (kind IN ('open', 'close')),
  previous_hash TEXT NOT NULL CHECK (length(previous_hash) = 64),
  hash          TEXT NOT NULL CHECK (length(hash) = 64),
  UNIQUE (record_id, kind)
) STRICT;

CREATE TABLE search_key (
  key           TEXT NOT NULL,
  record_number INTEGER NOT NULL REFERENCES record (number),
  PRIMARY KEY (key, record_number)
) STRICT, WITHOUT ROWID;
`

// INSERT OR REPLACE deletes the old row without asking the DELETE trigger, so a row with a taken key is refused first.
const takenKeys = {
  record: 'number = NEW.number OR record_id = NEW.record_id',
  closing: 'record_id = NEW.record_id',
  step: 'record_id = NEW.record_id AND position = NEW.position',
  module: 'record_id = NEW.record_id AND position = NEW.position',
  chain: 'sequence = NEW.sequence OR (record_id = NEW.record_id AND kind = NEW.kind)',
  search_key: 'key = NEW.key AND record_number = NEW.record_number',
} as const

function refuse(name: string, when: string, message: string): string {
  return `CREATE TRIGGER ${name} ${when} BEGIN SELECT RAISE(ABORT, '${message}'); END;\n`
}

function appendOnly(table: string, taken: string): string {
  return (
    refuse(`${table}_no_update`, `BEFORE UPDATE ON ${table}`, `the ledger is append-only: no UPDATE of ${table}`) +
    refuse(`${table}_no_delete`, `BEFORE DELETE ON ${table}`, `the ledger is append-only: no DELETE from ${table}`) +
    refuse(
      `${table}_no_replace`,
      `BEFORE INSERT ON ${table} WHEN EXISTS (SELECT 1 FROM ${table} WHERE ${taken})`,
      `the ledger is append-only: this row of ${table} exists`,
    )
  )
}

function refusedWhenClosed(table: string): string {
  const when = `BEFORE INSERT ON ${table} WHEN EXISTS (SELECT 1 FROM closing WHERE record_id = NEW.record_id)`
  return refuse(`${table}_only_before_closing`, when, `this record is closed: no new ${table}`)
}

const unproven = `SELECT 1 FROM module WHERE record_id = NEW.record_id
  AND (action = 'not reached' OR (action IN ('written', 'updated') AND proof = 'none'))`

/** Creates version 1 in an empty database. */
export function createLedger(database: Database): void {
  database.exec(tables)
  for (const [table, taken] of Object.entries(takenKeys)) database.exec(appendOnly(table, taken))
  database.exec(refusedWhenClosed('step') + refusedWhenClosed('module'))
  database.exec(
    refuse(
      'closing_pass_is_proven',
      `BEFORE INSERT ON closing WHEN NEW.outcome = 'pass' AND EXISTS (${unproven})`,
      'no pass: a module was written and not proven, or not reached',
    ),
  )
  database.exec(
    refuse(
      'chain_grows_at_its_end',
      `BEFORE INSERT ON chain WHEN NEW.sequence <> (SELECT coalesce(max(sequence), 0) + 1 FROM chain)
       OR NEW.previous_hash <> coalesce((SELECT hash FROM chain ORDER BY sequence DESC LIMIT 1), NEW.previous_hash)`,
      'the chain grows at its end only',
    ),
  )
}
