-- Claims that deny others; the bound of a figure. Articles are read anew, since bounds are found while reading.

CREATE TABLE relations (
    claim_id VARCHAR NOT NULL,
    other_claim_id VARCHAR NOT NULL,
    relation VARCHAR NOT NULL,
    probability DOUBLE NOT NULL,
    PRIMARY KEY (claim_id, other_claim_id, relation)
);
COMMENT ON TABLE relations IS 'What claims of a story have to do with each other: one row a claim, other claim and relation';
COMMENT ON COLUMN relations.claim_id IS 'The claim';
COMMENT ON COLUMN relations.other_claim_id IS 'The claim it stands in relation to';
COMMENT ON COLUMN relations.relation IS 'Which relation: denies, where the claim denies or contradicts the other';
COMMENT ON COLUMN relations.probability IS 'Probability of the relation, 0.3 to 1; less likely ones are not kept';

ALTER TABLE figures ADD COLUMN bound VARCHAR;
COMMENT ON COLUMN figures.bound IS 'How the value bounds what is counted: at least, at most, about, from or to (the ends of a range); null where it is said as exact';

UPDATE articles SET read_as = NULL;
