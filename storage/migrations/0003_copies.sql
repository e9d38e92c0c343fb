ALTER TABLE articles ADD COLUMN traced_as VARCHAR;
COMMENT ON COLUMN articles.traced_as IS 'Fingerprint of the rules by which its copies were traced; null until they are';

CREATE TABLE copies (
    statement_id VARCHAR PRIMARY KEY,
    source_statement_id VARCHAR NOT NULL,
    similarity DOUBLE NOT NULL
);
COMMENT ON TABLE copies IS 'Statements that repeat an earlier one almost word for word, of their own outlet or another: one row a copy; the view copied has those of another';
COMMENT ON COLUMN copies.statement_id IS 'The copy';
COMMENT ON COLUMN copies.source_statement_id IS 'The earliest statement it repeats, directly or through other copies';
COMMENT ON COLUMN copies.similarity IS 'Share of the word pairs of a statement that stand in the other, of the two most alike by which it was found, 0 to 1';
