-- Who wrote articles, as their pages tell it.

ALTER TABLE articles ADD COLUMN authors VARCHAR[] DEFAULT [];
COMMENT ON COLUMN articles.authors IS 'Names of the writers, as the page gives them; empty where it names none, where it was stored before they were kept, or where it came from no page';
