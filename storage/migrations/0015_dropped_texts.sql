-- Texts may be dropped (`keep_text`). A migration that has articles read anew must leave those without a text as they are.

ALTER TABLE articles ALTER COLUMN text DROP NOT NULL;
COMMENT ON COLUMN articles.text IS 'Body; paragraphs are parted by a blank line; null where it was dropped (keep_text in the config)';
