-- Claims come with the probability that their statements say the same, in place of a score of no fixed meaning.

ALTER TABLE claims RENAME COLUMN score TO probability;
ALTER TABLE claim_statements RENAME COLUMN score TO probability;
COMMENT ON COLUMN claims.probability IS 'Mean of its members'' probabilities, 0 to 1';
COMMENT ON COLUMN claim_statements.probability IS 'Probability that the statement says the same as the other outlets'' members, 0 to 1';
UPDATE stories SET aligned_as = NULL;

CREATE TABLE pairs (
    statement_id VARCHAR NOT NULL,
    other_statement_id VARCHAR NOT NULL,
    probability DOUBLE NOT NULL,
    PRIMARY KEY (statement_id, other_statement_id)
);
COMMENT ON TABLE pairs IS 'What each statement is most like in each other outlet of its story: one row a statement and outlet';
COMMENT ON COLUMN pairs.statement_id IS 'The statement';
COMMENT ON COLUMN pairs.other_statement_id IS 'The statement of another outlet that most probably says the same';
COMMENT ON COLUMN pairs.probability IS 'Probability that they do, 0.05 to 1; less likely pairs are not kept';
