// Version 2: the kind of each job, the label data of its recipe, what else the board said of itself, and modules of the
// kind "factory". New columns are null in old rows, so the hashes of version 1 stay valid.
import type { Database } from 'better-sqlite3'

const columns = `
ALTER TABLE record ADD COLUMN job TEXT CHECK (job IN ('flash', 'verify', 'identify'));
ALTER TABLE record ADD COLUMN label TEXT CHECK (json_valid(label));
ALTER TABLE record ADD COLUMN board TEXT CHECK (json_valid(board));
CREATE INDEX record_by_recipe ON record (recipe_sha256, device_id);
`

// SQLite cannot widen a CHECK: the table is made anew and every row carried over as it is.
const modules = `
DROP TRIGGER closing_pass_is_proven;
CREATE TABLE wider_module (
  record_id        TEXT NOT NULL REFERENCES record (record_id),
  position         INTEGER NOT NULL,
  kind             TEXT NOT NULL
                   CHECK (kind IN ('bootloader', 'mono', 'system', 'user', 'ncp', 'radio', 'asset', 'factory')),
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
INSERT INTO wider_module SELECT record_id, position, kind, module_index, before_version, target_version, after_version,
  sha256, read_back_sha256, proof, action, reason FROM module;
DROP TABLE module;
ALTER TABLE wider_module RENAME TO module;
`

/** As version 1 had them: dropping the table took them along. */
const moduleRules = `
CREATE TRIGGER module_no_update BEFORE UPDATE ON module
BEGIN SELECT RAISE(ABORT, 'the ledger is append-only: no UPDATE of module'); END;
CREATE TRIGGER module_no_delete BEFORE DELETE ON module
BEGIN SELECT RAISE(ABORT, 'the ledger is append-only: no DELETE from module'); END;
CREATE TRIGGER module_no_replace BEFORE INSERT ON module
WHEN EXISTS (SELECT 1 FROM module WHERE record_id = NEW.record_id AND position = NEW.position)
BEGIN SELECT RAISE(ABORT, 'the ledger is append-only: this row of module exists'); END;
CREATE TRIGGER module_only_before_closing BEFORE INSERT ON module
WHEN EXISTS (SELECT 1 FROM closing WHERE record_id = NEW.record_id)
BEGIN SELECT RAISE(ABORT, 'this record is closed: no new module'); END;
`

const passRules = `
CREATE TRIGGER closing_pass_is_proven BEFORE INSERT ON closing
WHEN NEW.outcome = 'pass' AND EXISTS (
  SELECT 1 FROM module WHERE record_id = NEW.record_id AND (action = 'not reached'
    OR (action IN ('written', 'updated') AND proof = 'none')))
BEGIN SELECT RAISE(ABORT, 'no pass: a module was written and not proven, or not reached'); END;
CREATE TRIGGER closing_verify_pass_is_proven BEFORE INSERT ON closing
WHEN NEW.outcome = 'pass' AND (SELECT job FROM record WHERE record_id = NEW.record_id) = 'verify' AND EXISTS (
  SELECT 1 FROM module WHERE record_id = NEW.record_id
    AND (proof = 'none' OR after_version IS NOT target_version))
BEGIN SELECT RAISE(ABORT, 'no pass of a verification: a module was not proven'); END;
CREATE TRIGGER closing_reading_wrote_nothing BEFORE INSERT ON closing
WHEN (SELECT job FROM record WHERE record_id = NEW.record_id) IN ('verify', 'identify') AND EXISTS (
  SELECT 1 FROM module WHERE record_id = NEW.record_id AND action IN ('written', 'updated'))
BEGIN SELECT RAISE(ABORT, 'a job that only reads has written a module'); END;
`

/** From version 1 to version 2. */
export function addKindsOfJob(database: Database): void {
  database.exec(columns)
  database.exec(modules)
  database.exec(moduleRules)
  database.exec(passRules)
}
