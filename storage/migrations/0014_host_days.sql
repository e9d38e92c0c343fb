-- What hosts were asked, for the most requests a day that a config may set, and to see which fail.

CREATE TABLE host_days (
    host VARCHAR,
    day DATE,
    requests BIGINT NOT NULL,
    failures BIGINT NOT NULL,
    bytes BIGINT NOT NULL,
    PRIMARY KEY (host, day)
);
COMMENT ON TABLE host_days IS 'What hosts on the web were asked: one row a host and day';
COMMENT ON COLUMN host_days.host IS 'Host, as addresses name it';
COMMENT ON COLUMN host_days.day IS 'Day, UTC';
COMMENT ON COLUMN host_days.requests IS 'How many requests were made to it, those for robots.txt and those that were tried again included';
COMMENT ON COLUMN host_days.failures IS 'How many of them gave no usable answer';
COMMENT ON COLUMN host_days.bytes IS 'Bytes of the bodies of its answers, as they came';
