-- Times are UTC. Ids are hashes of content, so the same input gives the same ids on any machine.

CREATE TABLE outlets (
    outlet VARCHAR PRIMARY KEY,
    country VARCHAR,
    language VARCHAR,
    affiliation VARCHAR NOT NULL,
    outlet_group VARCHAR
);
COMMENT ON TABLE outlets IS 'Who publishes: one row an outlet';
COMMENT ON COLUMN outlets.outlet IS 'Name of the outlet, as articles give it';
COMMENT ON COLUMN outlets.country IS 'ISO 3166-1 alpha-2 code of the country it publishes from';
COMMENT ON COLUMN outlets.language IS 'ISO 639-1 code of the language it publishes in';
COMMENT ON COLUMN outlets.affiliation IS 'Who stands behind it: state, public, private, party, nonprofit or unknown';
COMMENT ON COLUMN outlets.outlet_group IS 'Any grouping that matters to the analysis, such as the owner';

CREATE TABLE articles (
    article_id VARCHAR PRIMARY KEY,
    outlet VARCHAR NOT NULL,
    language VARCHAR NOT NULL,
    url VARCHAR,
    title VARCHAR NOT NULL,
    text VARCHAR NOT NULL,
    published_at TIMESTAMP NOT NULL,
    source VARCHAR NOT NULL,
    stored_at TIMESTAMP NOT NULL,
    read_as VARCHAR
);
COMMENT ON TABLE articles IS 'What outlets published, as it came in: one row an article';
COMMENT ON COLUMN articles.article_id IS 'Hash of the canonical URL; of outlet, title and text where there is no URL';
COMMENT ON COLUMN articles.outlet IS 'Who published it';
COMMENT ON COLUMN articles.language IS 'ISO 639-1 code of the language it is written in';
COMMENT ON COLUMN articles.url IS 'Canonical URL';
COMMENT ON COLUMN articles.title IS 'Headline';
COMMENT ON COLUMN articles.text IS 'Body; paragraphs are parted by a blank line';
COMMENT ON COLUMN articles.published_at IS 'When it was published, UTC; when it was stored, where it does not say';
COMMENT ON COLUMN articles.source IS 'The file, folder or feed that brought it';
COMMENT ON COLUMN articles.stored_at IS 'When it was stored, UTC';
COMMENT ON COLUMN articles.read_as IS 'Fingerprint of the reading rules its statements were made with; null until it is read';

CREATE TABLE statements (
    statement_id VARCHAR PRIMARY KEY,
    article_id VARCHAR NOT NULL,
    position INTEGER NOT NULL,
    start_offset INTEGER NOT NULL,
    end_offset INTEGER NOT NULL,
    text VARCHAR NOT NULL,
    text_hash VARCHAR NOT NULL,
    speaker VARCHAR,
    cue VARCHAR,
    stance VARCHAR,
    is_quote BOOLEAN NOT NULL
);
COMMENT ON TABLE statements IS 'The sentences of articles: one row a statement';
COMMENT ON COLUMN statements.statement_id IS 'Hash of article, position and text';
COMMENT ON COLUMN statements.article_id IS 'The article it stands in';
COMMENT ON COLUMN statements.position IS 'Which statement of the article it is, from 0';
COMMENT ON COLUMN statements.start_offset IS 'Where it starts in articles.text, in characters from 0';
COMMENT ON COLUMN statements.end_offset IS 'Where it ends in articles.text, exclusive';
COMMENT ON COLUMN statements.text IS 'The statement in the original language';
COMMENT ON COLUMN statements.text_hash IS 'Hash of the text: the key of translations and vectors';
COMMENT ON COLUMN statements.speaker IS 'Who says it, in the words of the statement; null where nobody is named';
COMMENT ON COLUMN statements.cue IS 'The reporting expression that attributes it, verbatim';
COMMENT ON COLUMN statements.stance IS 'What the cue does to the voice: neutral, endorsing, distancing, emphatic or denying';
COMMENT ON COLUMN statements.is_quote IS 'Whether it quotes somebody directly';

CREATE TABLE translations (
    text_hash VARCHAR NOT NULL,
    engine VARCHAR NOT NULL,
    model VARCHAR NOT NULL,
    revision VARCHAR NOT NULL,
    english VARCHAR NOT NULL,
    translated_at TIMESTAMP NOT NULL,
    PRIMARY KEY (text_hash, engine, model, revision)
);
COMMENT ON TABLE translations IS 'Statements in English: one row a text, engine, model and revision';
COMMENT ON COLUMN translations.text_hash IS 'statements.text_hash';
COMMENT ON COLUMN translations.engine IS 'What translated it: memory or opus-mt';
COMMENT ON COLUMN translations.model IS 'Name or folder of the model';
COMMENT ON COLUMN translations.revision IS 'Revision of the model, or a hash of its files';
COMMENT ON COLUMN translations.english IS 'The translation';
COMMENT ON COLUMN translations.translated_at IS 'When it was made, UTC';

CREATE TABLE stories (
    story_id VARCHAR PRIMARY KEY,
    title VARCHAR NOT NULL,
    aligned_as VARCHAR
);
COMMENT ON TABLE stories IS 'Articles on the same event: one row a story';
COMMENT ON COLUMN stories.story_id IS 'Hash of the article that opened the story';
COMMENT ON COLUMN stories.title IS 'Headline of its earliest article, an English one where there is one';
COMMENT ON COLUMN stories.aligned_as IS 'Fingerprint of the statements and settings its claims were made from; null until then';

CREATE TABLE story_articles (
    article_id VARCHAR PRIMARY KEY,
    story_id VARCHAR NOT NULL
);
COMMENT ON TABLE story_articles IS 'Which story an article belongs to: one row an article';
COMMENT ON COLUMN story_articles.article_id IS 'The article';
COMMENT ON COLUMN story_articles.story_id IS 'Its story';

CREATE TABLE claims (
    claim_id VARCHAR PRIMARY KEY,
    story_id VARCHAR NOT NULL,
    statement_id VARCHAR NOT NULL,
    score DOUBLE NOT NULL
);
COMMENT ON TABLE claims IS 'What two outlets or more say alike: one row a claim';
COMMENT ON COLUMN claims.claim_id IS 'Hash of the story and the claim''s earliest statement';
COMMENT ON COLUMN claims.story_id IS 'The story it belongs to';
COMMENT ON COLUMN claims.statement_id IS 'The member nearest to all others: it stands for the claim';
COMMENT ON COLUMN claims.score IS 'Mean of its members'' scores, 0 to 1';

CREATE TABLE claim_statements (
    statement_id VARCHAR PRIMARY KEY,
    claim_id VARCHAR NOT NULL,
    score DOUBLE NOT NULL
);
COMMENT ON TABLE claim_statements IS 'The members of claims: one row a statement';
COMMENT ON COLUMN claim_statements.statement_id IS 'The statement';
COMMENT ON COLUMN claim_statements.claim_id IS 'The claim it makes';
COMMENT ON COLUMN claim_statements.score IS 'Mean score of the statement with the other members, 0 to 1';

CREATE TABLE mentions (
    statement_id VARCHAR NOT NULL,
    start_offset INTEGER NOT NULL,
    end_offset INTEGER NOT NULL,
    surface VARCHAR NOT NULL,
    referent VARCHAR NOT NULL,
    valence VARCHAR NOT NULL,
    PRIMARY KEY (statement_id, start_offset)
);
COMMENT ON TABLE mentions IS 'Contested actors, actions and places under the names they are given: one row a mention';
COMMENT ON COLUMN mentions.statement_id IS 'The statement it stands in';
COMMENT ON COLUMN mentions.start_offset IS 'Where it starts in statements.text, in characters from 0';
COMMENT ON COLUMN mentions.end_offset IS 'Where it ends in statements.text, exclusive';
COMMENT ON COLUMN mentions.surface IS 'The name as it is written';
COMMENT ON COLUMN mentions.referent IS 'Who or what is named';
COMMENT ON COLUMN mentions.valence IS 'How the name judges: negative, neutral or positive';

CREATE TABLE figures (
    statement_id VARCHAR NOT NULL,
    start_offset INTEGER NOT NULL,
    end_offset INTEGER NOT NULL,
    surface VARCHAR NOT NULL,
    value DOUBLE NOT NULL,
    unit VARCHAR,
    PRIMARY KEY (statement_id, start_offset)
);
COMMENT ON TABLE figures IS 'The numbers in statements: one row a figure';
COMMENT ON COLUMN figures.statement_id IS 'The statement it stands in';
COMMENT ON COLUMN figures.start_offset IS 'Where it starts in statements.text, in characters from 0';
COMMENT ON COLUMN figures.end_offset IS 'Where it ends in statements.text, exclusive';
COMMENT ON COLUMN figures.surface IS 'The figure as it is written';
COMMENT ON COLUMN figures.value IS 'Its value, scale words multiplied out';
COMMENT ON COLUMN figures.unit IS 'What it counts, where that is told: percent or a currency code';

CREATE TABLE rejects (
    source VARCHAR NOT NULL,
    item VARCHAR NOT NULL,
    reason VARCHAR NOT NULL,
    rejected_at TIMESTAMP NOT NULL,
    PRIMARY KEY (source, item)
);
COMMENT ON TABLE rejects IS 'What could not be taken in, and why: one row an item';
COMMENT ON COLUMN rejects.source IS 'The file, folder or feed it came from';
COMMENT ON COLUMN rejects.item IS 'Which item of the source: a line, a file, a URL';
COMMENT ON COLUMN rejects.reason IS 'Why it was rejected, the last time it was tried';
COMMENT ON COLUMN rejects.rejected_at IS 'When it was last tried, UTC';

CREATE TABLE fetches (
    url VARCHAR PRIMARY KEY,
    status INTEGER,
    etag VARCHAR,
    last_modified VARCHAR,
    fetched_at TIMESTAMP NOT NULL
);
COMMENT ON TABLE fetches IS 'What was fetched to its end, so that the next run need not: one row a URL';
COMMENT ON COLUMN fetches.url IS 'The address asked for';
COMMENT ON COLUMN fetches.status IS 'HTTP status of the last answer; null where it was refused before it was asked';
COMMENT ON COLUMN fetches.etag IS 'Its ETag, sent back as If-None-Match';
COMMENT ON COLUMN fetches.last_modified IS 'Its Last-Modified, sent back as If-Modified-Since';
COMMENT ON COLUMN fetches.fetched_at IS 'When it was fetched, UTC';

CREATE TABLE runs (
    run_id VARCHAR PRIMARY KEY,
    name VARCHAR NOT NULL,
    started_at TIMESTAMP NOT NULL,
    finished_at TIMESTAMP,
    state VARCHAR NOT NULL,
    config JSON NOT NULL,
    versions JSON NOT NULL,
    counts JSON
);
COMMENT ON TABLE runs IS 'Runs of the flow: one row a run';
COMMENT ON COLUMN runs.run_id IS 'Id of the Prefect flow run';
COMMENT ON COLUMN runs.name IS 'Name of the Prefect flow run';
COMMENT ON COLUMN runs.started_at IS 'When it started, UTC';
COMMENT ON COLUMN runs.finished_at IS 'When it ended, UTC; null while it runs, or where it was killed';
COMMENT ON COLUMN runs.state IS 'running, completed, failed or interrupted';
COMMENT ON COLUMN runs.config IS 'The config it ran with';
COMMENT ON COLUMN runs.versions IS 'Versions of rashomon, Python and the libraries that shape results';
COMMENT ON COLUMN runs.counts IS 'What each stage did';

-- Replaced by one over the real tables as soon as vectors of some number of dimensions are stored.
CREATE VIEW vectors AS SELECT '' AS text_hash, '' AS model, []::FLOAT[] AS vector WHERE false;
COMMENT ON VIEW vectors IS 'Vectors of texts, whatever their number of dimensions: one row a text and model';
COMMENT ON COLUMN vectors.text_hash IS 'statements.text_hash';
COMMENT ON COLUMN vectors.model IS 'Name and revision of the encoder';
COMMENT ON COLUMN vectors.vector IS 'Unit vector of the original text';
