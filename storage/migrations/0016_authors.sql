-- Who wrote articles, as their pages tell it.

-- DuckDB cannot add a list with a default to a table of thousands of rows, nor replay that after a crash.
ALTER TABLE articles ADD COLUMN authors VARCHAR[];
UPDATE articles SET authors = [];
COMMENT ON COLUMN articles.authors IS 'Names of the writers, as the page gives them; empty where it names none, where it was stored before they were kept, or where it came from no page';
