-- Which forms of speakers name one person. Stories are aligned anew, since persons are found with their claims.

CREATE TABLE speakers (
    story_id VARCHAR NOT NULL,
    form VARCHAR NOT NULL,
    language VARCHAR NOT NULL,
    person VARCHAR NOT NULL,
    PRIMARY KEY (story_id, form, language)
);
COMMENT ON TABLE speakers IS 'Who is behind the forms by which articles name speakers, in any script: one row a story, form and language';
COMMENT ON COLUMN speakers.story_id IS 'The story';
COMMENT ON COLUMN speakers.form IS 'The speaker in the words of a statement, as in statements.speaker';
COMMENT ON COLUMN speakers.language IS 'ISO 639-1 code of the language it is written in';
COMMENT ON COLUMN speakers.person IS 'The form of the story that names the same speaker best, an English one where there is one';

UPDATE stories SET aligned_as = NULL;
