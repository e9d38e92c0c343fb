-- What is known of a translation beside its text: its model's licence, what is plainly wrong with it, how good it is.

ALTER TABLE translations ADD COLUMN licence VARCHAR;
ALTER TABLE translations ADD COLUMN flaw VARCHAR;
ALTER TABLE translations ADD COLUMN quality DOUBLE;
COMMENT ON COLUMN translations.engine IS 'What translated it: memory, opus-mt, nllb, opus-mt-ct2, nllb-ct2 or firefox';
COMMENT ON COLUMN translations.licence IS 'Licence of the model, an SPDX identifier or what its makers call it; null where they do not say';
COMMENT ON COLUMN translations.flaw IS 'What is plainly wrong with it, also after a second try: repetition, copied, or lost with what it lacks; null where nothing is';
COMMENT ON COLUMN translations.quality IS 'Estimated probability that it says what the original says, 0 to 1; null until it is estimated';
