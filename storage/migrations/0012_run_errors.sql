-- Why a run failed.

ALTER TABLE runs ADD COLUMN error VARCHAR;
COMMENT ON COLUMN runs.error IS 'Why it failed; null where it did not';
COMMENT ON COLUMN runs.state IS 'running, completed, failed, interrupted, or killed: it was running when the next one started';
COMMENT ON COLUMN runs.counts IS 'What each stage did, and how many seconds it took';
