// Version 3: records of DFU devices that are no Particle boards, and the pieces of image that went to them. New columns
// are null in old rows, so the hashes of versions 1 and 2 stay valid.
import type { Database } from 'better-sqlite3'

// SQLite cannot take a NOT NULL away: the table is made anew and every row carried over as it is. migrate.ts keeps foreign
// keys quiet meanwhile and checks them before it commits.
const records = `
DROP TRIGGER closing_verify_pass_is_proven;
DROP TRIGGER closing_reading_wrote_nothing;
CREATE TABLE wider_record (
  number                  INTEGER PRIMARY KEY,
  record_id               TEXT NOT NULL UNIQUE CHECK (length(record_id) = 36),
  station_id              TEXT NOT NULL,
  software_version        TEXT NOT NULL,
  slot                    INTEGER NOT NULL CHECK (slot >= 0),
  port_path               TEXT NOT NULL,
  platform                TEXT,
  device_id               TEXT CHECK (length(device_id) = 24 AND device_id NOT GLOB '*[^0-9a-f]*'),
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
  operator                TEXT,
  job                     TEXT CHECK (job IN ('flash', 'verify', 'identify')),
  label                   TEXT CHECK (json_valid(label)),
  board                   TEXT CHECK (json_valid(board)),
  device                  TEXT CHECK (json_valid(device)),
  device_name             TEXT CHECK (device_name <> ''),
  has_own_serial          INTEGER CHECK (has_own_serial IN (0, 1)),
  revision_before         TEXT CHECK (revision_before IS NULL OR device IS NOT NULL),
  CHECK ((platform IS NULL) = (device_id IS NULL)),
  CHECK ((device IS NULL) <> (device_id IS NULL)),
  CHECK ((device IS NULL) = (device_name IS NULL) AND (device IS NULL) = (has_own_serial IS NULL)),
  CHECK (device IS NULL OR job IS NOT NULL)
) STRICT;
INSERT INTO wider_record SELECT number, record_id, station_id, software_version, slot, port_path, platform, device_id,
  serial_number, serial_number_reason, iccid, iccid_reason, imei, imei_reason, device_os_before, device_os_before_reason,
  recipe_name, recipe_sha256, is_simulated, started_at, plan, modules_before, modules_before_reason, operator, job, label,
  board, NULL, NULL, NULL, NULL FROM record ORDER BY number;
DROP TABLE record;
ALTER TABLE wider_record RENAME TO record;
CREATE INDEX record_by_start ON record (started_at);
CREATE INDEX record_by_device ON record (device_id, started_at);
CREATE INDEX record_by_recipe ON record (recipe_sha256, device_id);
CREATE INDEX record_by_name ON record (device_name, started_at) WHERE device_name IS NOT NULL;
`

/** As version 1 had them: dropping the table took them along. */
const recordRules = `
CREATE TRIGGER record_no_update BEFORE UPDATE ON record
BEGIN SELECT RAISE(ABORT, 'the ledger is append-only: no UPDATE of record'); END;
CREATE TRIGGER record_no_delete BEFORE DELETE ON record
BEGIN SELECT RAISE(ABORT, 'the ledger is append-only: no DELETE from record'); END;
CREATE TRIGGER record_no_replace BEFORE INSERT ON record
WHEN EXISTS (SELECT 1 FROM record WHERE number = NEW.number OR record_id = NEW.record_id)
BEGIN SELECT RAISE(ABORT, 'the ledger is append-only: this row of record exists'); END;
`

const images = `
ALTER TABLE closing ADD COLUMN device_after TEXT CHECK (json_valid(device_after));
ALTER TABLE closing ADD COLUMN revision_after TEXT CHECK (revision_after IS NULL OR device_after IS NOT NULL);
ALTER TABLE closing ADD COLUMN image_count INTEGER CHECK (image_count >= 0);
CREATE TABLE image (
  record_id        TEXT NOT NULL REFERENCES record (record_id),
  position         INTEGER NOT NULL CHECK (position >= 1),
  alternate        INTEGER NOT NULL CHECK (alternate BETWEEN 0 AND 255),
  memory           TEXT NOT NULL,
  address          INTEGER CHECK (address BETWEEN 0 AND 4294967295),
  size_bytes       INTEGER NOT NULL CHECK (size_bytes >= 0),
  sha256           TEXT NOT NULL CHECK (length(sha256) = 64),
  read_back_sha256 TEXT CHECK (length(read_back_sha256) = 64),
  proof            TEXT NOT NULL CHECK (proof IN ('read-back', 'reported-version', 'reported-status', 'none')),
  action           TEXT NOT NULL CHECK (action IN ('written', 'unchanged', 'not reached')),
  reason           TEXT,
  PRIMARY KEY (record_id, position),
  CHECK (proof <> 'read-back' OR read_back_sha256 IS sha256),
  CHECK (proof <> 'reported-status' OR action = 'written'),
  CHECK (action <> 'not reached' OR proof = 'none')
) STRICT, WITHOUT ROWID;
CREATE TRIGGER image_no_update BEFORE UPDATE ON image
BEGIN SELECT RAISE(ABORT, 'the ledger is append-only: no UPDATE of image'); END;
CREATE TRIGGER image_no_delete BEFORE DELETE ON image
BEGIN SELECT RAISE(ABORT, 'the ledger is append-only: no DELETE from image'); END;
CREATE TRIGGER image_no_replace BEFORE INSERT ON image
WHEN EXISTS (SELECT 1 FROM image WHERE record_id = NEW.record_id AND position = NEW.position)
BEGIN SELECT RAISE(ABORT, 'the ledger is append-only: this row of image exists'); END;
CREATE TRIGGER image_only_before_closing BEFORE INSERT ON image
WHEN EXISTS (SELECT 1 FROM closing WHERE record_id = NEW.record_id)
BEGIN SELECT RAISE(ABORT, 'this record is closed: no new image'); END;
CREATE TRIGGER image_is_of_a_device BEFORE INSERT ON image
WHEN EXISTS (SELECT 1 FROM record WHERE record_id = NEW.record_id AND device IS NULL)
BEGIN SELECT RAISE(ABORT, 'a Particle board has modules, no images'); END;
CREATE TRIGGER module_is_of_a_particle_board BEFORE INSERT ON module
WHEN EXISTS (SELECT 1 FROM record WHERE record_id = NEW.record_id AND device IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'a DFU device has images, no modules'); END;
`

const passRules = `
CREATE TRIGGER closing_verify_pass_is_proven BEFORE INSERT ON closing
WHEN NEW.outcome = 'pass' AND (SELECT job FROM record WHERE record_id = NEW.record_id) = 'verify' AND EXISTS (
  SELECT 1 FROM module WHERE record_id = NEW.record_id
    AND (proof = 'none' OR after_version IS NOT target_version))
BEGIN SELECT RAISE(ABORT, 'no pass of a verification: a module was not proven'); END;
CREATE TRIGGER closing_reading_wrote_nothing BEFORE INSERT ON closing
WHEN (SELECT job FROM record WHERE record_id = NEW.record_id) IN ('verify', 'identify') AND EXISTS (
  SELECT 1 FROM module WHERE record_id = NEW.record_id AND action IN ('written', 'updated')
  UNION ALL SELECT 1 FROM image WHERE record_id = NEW.record_id AND action = 'written')
BEGIN SELECT RAISE(ABORT, 'a job that only reads has written'); END;
CREATE TRIGGER closing_pass_has_proven_images BEFORE INSERT ON closing
WHEN NEW.outcome = 'pass' AND EXISTS (
  SELECT 1 FROM image WHERE record_id = NEW.record_id AND (action = 'not reached' OR proof = 'none'))
BEGIN SELECT RAISE(ABORT, 'no pass: a piece of an image was not proven, or not reached'); END;
CREATE TRIGGER closing_pass_of_a_device_has_images BEFORE INSERT ON closing
WHEN NEW.outcome = 'pass'
  AND EXISTS (SELECT 1 FROM record WHERE record_id = NEW.record_id AND device IS NOT NULL AND job <> 'identify')
  AND NOT EXISTS (SELECT 1 FROM image WHERE record_id = NEW.record_id)
BEGIN SELECT RAISE(ABORT, 'no pass of a device without an image'); END;
CREATE TRIGGER closing_counts_its_images BEFORE INSERT ON closing
WHEN coalesce(NEW.image_count, 0) <> (SELECT count(*) FROM image WHERE record_id = NEW.record_id)
BEGIN SELECT RAISE(ABORT, 'a closing counts its images'); END;
`

/** From version 2 to version 3. */
export function addDfuDevices(database: Database): void {
  database.exec(records)
  database.exec(recordRules)
  database.exec(images)
  database.exec(passRules)
}
