-- The statements of the other groups that have a word, for reports to lead to.

ALTER TABLE keyness ADD COLUMN other_statement_ids VARCHAR[] DEFAULT [];
COMMENT ON COLUMN keyness.other_statement_ids IS 'The statements of all others that have it';
