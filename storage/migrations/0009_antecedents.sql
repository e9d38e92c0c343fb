-- Whom a pronoun speaker stands for. Changed lexicons make the next run read all articles anew.

ALTER TABLE statements ADD COLUMN antecedent VARCHAR;
COMMENT ON COLUMN statements.antecedent IS 'The speaker of an earlier statement of the article that this one''s pronoun stands for, or who goes on speaking where the Arabic verb has no subject; null where that is not clear, and where speaker names somebody';
