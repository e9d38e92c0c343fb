-- The generic frames that statements show.

CREATE TABLE frames (
    frame VARCHAR PRIMARY KEY,
    f1 DOUBLE,
    is_experimental BOOLEAN NOT NULL
);
COMMENT ON TABLE frames IS 'The generic frames that statements were searched for: one row a frame';
COMMENT ON COLUMN frames.frame IS 'The frame, such as conflict or human-interest';
COMMENT ON COLUMN frames.f1 IS 'How well it is found: F1 on gold events that were not learned from; null where that was not measured';
COMMENT ON COLUMN frames.is_experimental IS 'Whether that is below 0.6 or not known: then take its figures for hints';

CREATE TABLE statement_frames (
    statement_id VARCHAR NOT NULL,
    frame VARCHAR NOT NULL,
    score DOUBLE NOT NULL,
    PRIMARY KEY (statement_id, frame)
);
COMMENT ON TABLE statement_frames IS 'The frames that a statement shows, none or more: one row a statement and frame';
COMMENT ON COLUMN statement_frames.statement_id IS 'The statement';
COMMENT ON COLUMN statement_frames.frame IS 'The frame: frames.frame';
COMMENT ON COLUMN statement_frames.score IS 'How clearly it shows it: likeness to examples of the frame in standard deviations among news, and 1.25 more for a word of the frame; the least is 1.05';
