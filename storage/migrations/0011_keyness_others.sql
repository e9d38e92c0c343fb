-- The statements of the other groups that have a word, for reports to lead to.

-- DuckDB cannot add a list with a default to a table of thousands of rows, nor replay that after a crash.
ALTER TABLE keyness ADD COLUMN other_statement_ids VARCHAR[];
UPDATE keyness SET other_statement_ids = [];
COMMENT ON COLUMN keyness.other_statement_ids IS 'The statements of all others that have it';
