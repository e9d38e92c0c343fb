-- The words that set groups of outlets apart, and the map of outlets.

CREATE TABLE keyness (
    story_id VARCHAR NOT NULL,
    grouping VARCHAR NOT NULL,
    group_name VARCHAR NOT NULL,
    word VARCHAR NOT NULL,
    z DOUBLE NOT NULL,
    log_odds DOUBLE NOT NULL,
    statements INTEGER NOT NULL,
    others INTEGER NOT NULL,
    statement_ids VARCHAR[] NOT NULL,
    PRIMARY KEY (story_id, grouping, group_name, word)
);
COMMENT ON TABLE keyness IS 'The words that set a group of outlets apart from the others on the same story, in English: one row a story, group and word';
COMMENT ON COLUMN keyness.story_id IS 'The story';
COMMENT ON COLUMN keyness.grouping IS 'What outlets are grouped by: outlet, language or affiliation';
COMMENT ON COLUMN keyness.group_name IS 'The group: an outlet, a language or an affiliation';
COMMENT ON COLUMN keyness.word IS 'The word in its commonest form in the story; other forms of its stem count too';
COMMENT ON COLUMN keyness.z IS 'Log-odds ratio over its standard deviation, 1.96 or more: how sure the difference is';
COMMENT ON COLUMN keyness.log_odds IS 'Natural logarithm of the ratio of the word''s odds in the group to those in all other groups, with the story''s own counts as a prior';
COMMENT ON COLUMN keyness.statements IS 'The group''s statements with the word; copies of another outlet''s text do not count';
COMMENT ON COLUMN keyness.others IS 'All other groups'' statements with the word';
COMMENT ON COLUMN keyness.statement_ids IS 'The group''s statements with the word, in order of time';

CREATE TABLE outlet_map (
    story_id VARCHAR NOT NULL,
    outlet VARCHAR NOT NULL,
    x DOUBLE NOT NULL,
    y DOUBLE NOT NULL,
    stress DOUBLE NOT NULL,
    PRIMARY KEY (story_id, outlet)
);
COMMENT ON TABLE outlet_map IS 'Outlets as points, the nearer the more alike their coverage of a story is: one row a story and outlet';
COMMENT ON COLUMN outlet_map.story_id IS 'The story';
COMMENT ON COLUMN outlet_map.outlet IS 'The outlet; one whose divergence from the others is not known has no row';
COMMENT ON COLUMN outlet_map.x IS 'Where it lies from left to right, in units of divergence; the middle of all is 0';
COMMENT ON COLUMN outlet_map.y IS 'Where it lies from bottom to top, likewise';
COMMENT ON COLUMN outlet_map.stress IS 'How far the distances on the story''s map are off the divergences, as a share of these: 0 for a perfect map; from 0.2 on it misleads';

ALTER TABLE stories ADD COLUMN framed_as VARCHAR;
COMMENT ON COLUMN stories.framed_as IS 'Fingerprint of what its words that set apart and its map were made from; null until then';
