-- How outlets that no list has came to their names.

ALTER TABLE outlets ADD COLUMN named_by VARCHAR;
COMMENT ON COLUMN outlets.named_by IS 'What it was named after where no list of outlets has it: domain, channel, feed, sitemap or list; null where one has it, or where its source names it';
