-- How far each translation can be trusted, estimated without a reference.

ALTER TABLE translations ADD COLUMN doubt VARCHAR;
ALTER TABLE translations ADD COLUMN assessed_as VARCHAR;
COMMENT ON COLUMN translations.quality IS 'Estimated probability that it says what the original says, 0 to 1; null until it is estimated, and for languages that it is not estimated for';
COMMENT ON COLUMN translations.doubt IS 'What speaks most against it where its quality is low: meaning, length, number, negation lost, negation added, repetition or copied; null where it is not doubtful';
COMMENT ON COLUMN translations.assessed_as IS 'Fingerprint of what its quality was estimated with; null until then';
