-- What analysts query. Columns change only with a migration and a line in the changelog.

CREATE OR REPLACE VIEW told AS
WITH best AS (
    SELECT text_hash, english, engine, model, revision, licence, quality, coalesce(flaw, CASE WHEN engine <> 'memory' THEN doubt END) AS doubt
    FROM translations
    WHERE english <> ''
    QUALIFY row_number() OVER (
        PARTITION BY text_hash ORDER BY engine = 'memory' DESC, translated_at DESC, engine, model, revision
    ) = 1
)
SELECT
    sa.story_id, a.outlet, o.country, a.language, a.article_id, a.url, a.title, a.published_at,
    s.statement_id, s.position, s.text,
    CASE WHEN a.language = 'en' THEN s.text ELSE best.english END AS english,
    best.engine, best.model, best.revision, best.licence, best.quality, best.doubt,
    s.speaker, s.cue, s.stance, s.is_quote, s.antecedent
FROM statements s
JOIN articles a USING (article_id)
LEFT JOIN outlets o ON o.outlet = a.outlet
LEFT JOIN story_articles sa USING (article_id)
LEFT JOIN best ON best.text_hash = s.text_hash AND a.language <> 'en';
COMMENT ON VIEW told IS 'Every statement with its article, outlet and English: one row a statement';
COMMENT ON COLUMN told.position IS 'Which statement of the article it is, from 0';
COMMENT ON COLUMN told.text IS 'The statement in the original language';
COMMENT ON COLUMN told.english IS 'The statement in English; null where it is not translated yet';
COMMENT ON COLUMN told.engine IS 'What translated it; null for English statements and untranslated ones';
COMMENT ON COLUMN told.model IS 'Name or folder of the model';
COMMENT ON COLUMN told.quality IS 'Estimated probability that the English says what the statement says, 0 to 1; null where there is no estimate';
COMMENT ON COLUMN told.antecedent IS 'The speaker of an earlier statement that a pronoun stands for: statements.antecedent';
COMMENT ON COLUMN told.doubt IS 'Why the English is doubtful: what is plainly wrong with it (translations.flaw), or what speaks most against it (translations.doubt); null where it is not, and for what people translated';

CREATE OR REPLACE VIEW copied AS
SELECT
    c.statement_id, a.article_id, a.outlet, c.source_statement_id, source.article_id AS source_article_id,
    source.outlet AS source_outlet, source.published_at AS source_published_at,
    date_diff('minute', source.published_at, a.published_at) / 60 AS hours_after_source, c.similarity
FROM copies c
JOIN statements s USING (statement_id)
JOIN articles a ON a.article_id = s.article_id
JOIN statements t ON t.statement_id = c.source_statement_id
JOIN articles source ON source.article_id = t.article_id
WHERE source.outlet <> a.outlet;
COMMENT ON VIEW copied IS 'Statements that repeat another outlet''s almost word for word: one row a statement';
COMMENT ON COLUMN copied.source_article_id IS 'The article of the earliest statement it repeats';
COMMENT ON COLUMN copied.source_outlet IS 'Who published that article';
COMMENT ON COLUMN copied.source_published_at IS 'When it was published, UTC';
COMMENT ON COLUMN copied.hours_after_source IS 'Hours between the two articles';

CREATE OR REPLACE VIEW republications AS
WITH lengths AS (
    SELECT article_id, sum(length(text)) AS length FROM statements GROUP BY article_id
), taken AS (
    SELECT c.article_id, c.source_outlet, c.source_article_id, c.source_published_at, sum(length(s.text)) AS length
    FROM copied c JOIN statements s USING (statement_id)
    GROUP BY ALL
), by_source AS (
    SELECT
        article_id, source_outlet, sum(length) AS length,
        first(source_article_id ORDER BY length DESC, source_published_at, source_article_id) AS source_article_id
    FROM taken GROUP BY article_id, source_outlet
    QUALIFY row_number() OVER (PARTITION BY article_id ORDER BY sum(length) DESC, source_outlet) = 1
)
SELECT
    a.article_id, a.outlet, a.language, a.url, a.title, a.published_at,
    b.source_outlet, b.source_article_id, source.published_at AS source_published_at,
    date_diff('minute', source.published_at, a.published_at) / 60 AS hours_after_source,
    b.length / l.length AS share, share >= 0.5 AS is_republished
FROM by_source b
JOIN lengths l USING (article_id)
JOIN articles a ON a.article_id = b.article_id
JOIN articles source ON source.article_id = b.source_article_id
ORDER BY a.published_at, a.outlet, a.article_id;
COMMENT ON VIEW republications IS 'How much of an article repeats another outlet''s text: one row an article that repeats any, and the outlet it repeats most of';
COMMENT ON COLUMN republications.source_outlet IS 'The outlet whose text it repeats';
COMMENT ON COLUMN republications.source_article_id IS 'That outlet''s article with most of the text';
COMMENT ON COLUMN republications.source_published_at IS 'When that was published, UTC';
COMMENT ON COLUMN republications.hours_after_source IS 'Hours between the two articles';
COMMENT ON COLUMN republications.share IS 'Share of the article''s text, in characters, that stands in statements copied from that outlet';
COMMENT ON COLUMN republications.is_republished IS 'Whether that is half of it or more: republished agency copy, say';

CREATE OR REPLACE VIEW comparison AS
SELECT
    t.story_id, st.title AS story, c.claim_id, coalesce(gist.english, gist.text) AS claim,
    t.outlet, t.country, t.language, t.article_id, t.url, t.published_at, t.statement_id, t.position,
    t.text, t.english, t.engine, t.quality, t.doubt, t.speaker, t.cue, t.stance, t.is_quote, cs.probability,
    copied.source_outlet AS copied_from, t.antecedent
FROM claim_statements cs
JOIN claims c USING (claim_id)
JOIN told t ON t.statement_id = cs.statement_id
JOIN told gist ON gist.statement_id = c.statement_id
JOIN stories st ON st.story_id = c.story_id
LEFT JOIN copied ON copied.statement_id = cs.statement_id
ORDER BY st.title, c.claim_id, t.published_at, t.outlet, t.position;
COMMENT ON VIEW comparison IS 'Claims with each outlet''s wording: one row a statement of a claim';
COMMENT ON COLUMN comparison.story IS 'Title of the story';
COMMENT ON COLUMN comparison.claim IS 'The claim in the words of its most typical statement, in English where it is translated';
COMMENT ON COLUMN comparison.position IS 'Which statement of the article it is, from 0';
COMMENT ON COLUMN comparison.text IS 'The statement in the original language';
COMMENT ON COLUMN comparison.engine IS 'What translated it; null for English statements and untranslated ones';
COMMENT ON COLUMN comparison.quality IS 'Estimated probability that the English says what the statement says, 0 to 1; null where there is no estimate';
COMMENT ON COLUMN comparison.doubt IS 'Why the English is doubtful: what is plainly wrong with it, or what speaks most against it; null where it is not, and for what people translated';
COMMENT ON COLUMN comparison.probability IS 'Probability that the statement says the same as the other outlets'' members, 0 to 1';
COMMENT ON COLUMN comparison.antecedent IS 'The speaker of an earlier statement of the article that a pronoun stands for: statements.antecedent';
COMMENT ON COLUMN comparison.copied_from IS 'The other outlet whose text it repeats almost word for word, the earliest; null where it repeats none';

CREATE OR REPLACE VIEW coverage AS
WITH lengths AS (
    SELECT article_id, max(position) + 1 AS statements FROM statements GROUP BY article_id
), first_told AS (
    SELECT
        claim_id, min(published_at) AS published_at, count(DISTINCT coalesce(copied_from, outlet)) AS independent
    FROM comparison GROUP BY claim_id
), tellings AS (
    SELECT
        c.claim_id, c.outlet, min(c.published_at) AS first_published_at, min(c.position) AS position,
        min(c.position / l.statements) AS depth, count(*) AS statements,
        CASE
            WHEN count(*) = count(c.copied_from) THEN first(c.copied_from ORDER BY c.published_at, c.position, c.copied_from)
        END AS copied_from
    FROM comparison c JOIN lengths l USING (article_id)
    GROUP BY c.claim_id, c.outlet
), covering AS (
    SELECT sa.story_id, a.outlet, min(a.language) AS language
    FROM story_articles sa JOIN articles a USING (article_id) GROUP BY ALL
)
SELECT
    c.story_id, c.claim_id, coalesce(gist.english, gist.text) AS claim, v.outlet, v.language,
    t.claim_id IS NOT NULL AS is_told, t.first_published_at,
    date_diff('minute', f.published_at, t.first_published_at) / 60 AS hours_after_first,
    t.position, t.depth, coalesce(t.statements, 0) AS statements, t.copied_from, f.independent
FROM claims c
JOIN told gist ON gist.statement_id = c.statement_id
JOIN first_told f USING (claim_id)
JOIN covering v ON v.story_id = c.story_id
LEFT JOIN tellings t ON t.claim_id = c.claim_id AND t.outlet = v.outlet
ORDER BY c.story_id, f.published_at, c.claim_id, v.outlet;
COMMENT ON VIEW coverage IS 'Who tells which claim: one row a claim and outlet that covers its story';
COMMENT ON COLUMN coverage.claim IS 'The claim in the words of its most typical statement';
COMMENT ON COLUMN coverage.is_told IS 'Whether the outlet makes the claim';
COMMENT ON COLUMN coverage.first_published_at IS 'When the outlet first told it, UTC';
COMMENT ON COLUMN coverage.hours_after_first IS 'Hours after the first outlet that told it';
COMMENT ON COLUMN coverage.position IS 'How high up the outlet tells it: the least position in its articles, from 0';
COMMENT ON COLUMN coverage.depth IS 'The same as a share of the article, 0 for the top';
COMMENT ON COLUMN coverage.statements IS 'How many statements the outlet spends on it';
COMMENT ON COLUMN coverage.copied_from IS 'The outlet whose text it repeats; null where any of the statements is its own, or it does not tell the claim';
COMMENT ON COLUMN coverage.independent IS 'How many outlets the claim comes from: those that tell it, copies counted for the outlet they repeat';

CREATE OR REPLACE VIEW omissions AS
SELECT
    v.story_id, v.claim_id, v.claim, v.outlet, v.language, count(*) AS told_by,
    string_agg(t.outlet, ', ' ORDER BY t.first_published_at, t.outlet) AS tellers,
    any_value(v.independent) AS independent
FROM coverage v
JOIN coverage t ON t.claim_id = v.claim_id AND t.is_told
WHERE NOT v.is_told
GROUP BY v.story_id, v.claim_id, v.claim, v.outlet, v.language
ORDER BY v.story_id, told_by DESC, v.claim_id, v.outlet;
COMMENT ON VIEW omissions IS 'What an outlet leaves out of a story it covers: one row a claim and outlet';
COMMENT ON COLUMN omissions.told_by IS 'How many outlets tell the claim';
COMMENT ON COLUMN omissions.tellers IS 'Which, the earliest first';
COMMENT ON COLUMN omissions.independent IS 'How many outlets it comes from, copies counted for the outlet they repeat';

CREATE OR REPLACE VIEW naming AS
SELECT
    t.story_id, m.referent, t.outlet, t.language, lower(m.surface) AS surface, m.valence, count(*) AS mentions,
    count(*) / sum(count(*)) OVER (PARTITION BY t.story_id, m.referent, t.outlet) AS share
FROM mentions m
JOIN told t USING (statement_id)
GROUP BY t.story_id, m.referent, t.outlet, t.language, lower(m.surface), m.valence
ORDER BY t.story_id, m.referent, t.outlet, mentions DESC, surface;
COMMENT ON VIEW naming IS 'What outlets call contested referents: one row a referent, outlet, name and valence';
COMMENT ON COLUMN naming.surface IS 'The name in lower case';
COMMENT ON COLUMN naming.mentions IS 'How often the outlet uses it in the story';
COMMENT ON COLUMN naming.share IS 'The same as a share of the outlet''s mentions of the referent in the story';

CREATE OR REPLACE VIEW attribution AS
WITH voiced AS (
    SELECT t.*, coalesce(t.antecedent, t.speaker) AS named, coalesce(p.person, named) AS person
    FROM told t
    LEFT JOIN speakers p
        ON p.story_id = t.story_id AND p.form = coalesce(t.antecedent, t.speaker) AND p.language = t.language
    WHERE named IS NOT NULL
), called AS (
    SELECT
        story_id, person, outlet, mode(named ORDER BY named) AS speaker,
        string_agg(DISTINCT speaker, ' | ' ORDER BY speaker) AS forms
    FROM voiced GROUP BY ALL
)
SELECT
    v.story_id, c.speaker, v.outlet, v.language, v.stance, count(*) AS statements,
    count(*) FILTER (v.is_quote) AS quotes, string_agg(DISTINCT lower(v.cue), ', ' ORDER BY lower(v.cue)) AS cues,
    v.person, c.forms, list(v.statement_id ORDER BY v.published_at, v.position, v.statement_id) AS statement_ids
FROM voiced v
JOIN called c ON c.story_id IS NOT DISTINCT FROM v.story_id AND c.person = v.person AND c.outlet = v.outlet
GROUP BY v.story_id, c.speaker, v.outlet, v.language, v.stance, v.person, c.forms
ORDER BY v.story_id, statements DESC, c.speaker, v.outlet, v.stance;
COMMENT ON VIEW attribution IS 'Who is given a voice, and how: one row a speaker, outlet and stance';
COMMENT ON COLUMN attribution.speaker IS 'Who speaks, in the form the outlet uses most in the story';
COMMENT ON COLUMN attribution.statements IS 'Statements attributed to the speaker';
COMMENT ON COLUMN attribution.quotes IS 'How many of them quote directly';
COMMENT ON COLUMN attribution.cues IS 'The reporting expressions used';
COMMENT ON COLUMN attribution.person IS 'The same speaker by one form for all outlets and scripts: speakers.person';
COMMENT ON COLUMN attribution.forms IS 'All forms the outlet uses for the speaker in the story';
COMMENT ON COLUMN attribution.statement_ids IS 'The statements attributed, in order of time; their texts stand in told';

CREATE OR REPLACE VIEW treatment AS
WITH voiced AS (
    SELECT
        c.story_id, c.claim_id, c.claim, coalesce(c.antecedent, c.speaker) AS named, coalesce(p.person, named) AS person,
        c.outlet, c.language, c.statement_id, c.stance, c.cue, c.is_quote
    FROM comparison c
    LEFT JOIN speakers p
        ON p.story_id = c.story_id AND p.form = coalesce(c.antecedent, c.speaker) AND p.language = c.language
    WHERE named IS NOT NULL
)
SELECT
    v.story_id, v.claim_id, v.claim, v.person, v.outlet, v.language, v.statement_id, v.stance, v.cue, v.is_quote,
    count(DISTINCT o.outlet) AS others,
    count(DISTINCT o.outlet) FILTER (o.stance <> v.stance) AS differing,
    string_agg(DISTINCT o.outlet || ': ' || o.stance, '; ' ORDER BY o.outlet || ': ' || o.stance) AS other_stances
FROM voiced v
JOIN voiced o ON o.claim_id = v.claim_id AND o.person = v.person AND o.outlet <> v.outlet
GROUP BY ALL
ORDER BY v.story_id, v.claim_id, v.person, v.outlet, v.statement_id;
COMMENT ON VIEW treatment IS 'How an outlet presents what others report of the same speaker: one row a statement of a claim that another outlet attributes to that speaker too';
COMMENT ON COLUMN treatment.claim IS 'The claim in the words of its most typical statement, in English where it is translated';
COMMENT ON COLUMN treatment.person IS 'The speaker by one form for all outlets and scripts: speakers.person';
COMMENT ON COLUMN treatment.others IS 'How many other outlets attribute the claim to the speaker';
COMMENT ON COLUMN treatment.differing IS 'How many of them with another stance';
COMMENT ON COLUMN treatment.other_stances IS 'The stances of these outlets';

CREATE OR REPLACE VIEW denials AS
WITH worded AS (
    SELECT claim_id, any_value(claim) AS claim, string_agg(DISTINCT outlet, ', ' ORDER BY outlet) AS outlets
    FROM comparison GROUP BY claim_id
)
SELECT
    c.story_id, s.title AS story, r.other_claim_id AS claim_id, denied.claim, denied.outlets AS tellers,
    r.claim_id AS denial_id, denying.claim AS denial, denying.outlets AS deniers, r.probability
FROM relations r
JOIN claims c ON c.claim_id = r.claim_id
JOIN stories s ON s.story_id = c.story_id
JOIN worded denied ON denied.claim_id = r.other_claim_id
JOIN worded denying ON denying.claim_id = r.claim_id
WHERE r.relation = 'denies'
ORDER BY s.title, c.story_id, r.probability DESC, claim_id, denial_id;
COMMENT ON VIEW denials IS 'Which claims are denied or contradicted by which: one row a claim and a claim that denies it';
COMMENT ON COLUMN denials.story IS 'Title of the story';
COMMENT ON COLUMN denials.claim_id IS 'The claim that is denied';
COMMENT ON COLUMN denials.claim IS 'The same in the words of its most typical statement, in English where it is translated';
COMMENT ON COLUMN denials.tellers IS 'The outlets that tell it';
COMMENT ON COLUMN denials.denial_id IS 'The claim that denies it';
COMMENT ON COLUMN denials.denial IS 'The same in the words of its most typical statement, in English where it is translated';
COMMENT ON COLUMN denials.deniers IS 'The outlets that tell the denial';
COMMENT ON COLUMN denials.probability IS 'Probability that the one denies the other, 0.3 to 1';

CREATE OR REPLACE VIEW claim_figures AS
WITH placed AS (
    SELECT
        c.story_id, c.claim_id, c.claim, c.outlet, c.statement_id, f.value, f.unit, f.bound,
        row_number() OVER (PARTITION BY f.statement_id ORDER BY f.start_offset) AS place,
        row_number() OVER (PARTITION BY f.statement_id, f.unit ORDER BY f.start_offset) AS place_of_unit,
        lag(f.bound) OVER (PARTITION BY f.statement_id, f.unit ORDER BY f.start_offset) AS bound_before
    FROM comparison c JOIN figures f USING (statement_id)
)
SELECT
    story_id, claim_id, claim, outlet, statement_id, value, unit, bound,
    place_of_unit = 1 AND (unit IS NOT NULL OR place = 1)
    OR place_of_unit = 2 AND (unit IS NOT NULL OR place = 2) AND bound = 'to' AND bound_before = 'from' AS is_compared
FROM placed
ORDER BY story_id, claim_id, unit, value, outlet, statement_id;
COMMENT ON VIEW claim_figures IS 'The figures in statements of claims: one row a figure';
COMMENT ON COLUMN claim_figures.claim IS 'The claim in the words of its most typical statement, in English where it is translated';
COMMENT ON COLUMN claim_figures.unit IS 'What it counts, such as people, percent or a currency; null where that is not told';
COMMENT ON COLUMN claim_figures.is_compared IS 'Whether it is what its claim counts: the first figure of its unit in the statement, of those without a unit the first of all, and with it the other end where it is a range';

CREATE OR REPLACE VIEW discrepancies AS
WITH counted AS (
    SELECT
        *, count(DISTINCT outlet) OVER (PARTITION BY claim_id, unit, value) AS agreeing,
        count(DISTINCT outlet) OVER (PARTITION BY claim_id, unit) AS giving
    FROM claim_figures
), disputed AS (
    SELECT * FROM counted QUALIFY max(agreeing) OVER (PARTITION BY claim_id, unit) < giving
), given AS (
    SELECT
        story_id, claim_id, claim, unit, outlet, value,
        CASE
            WHEN count(*) > count(bound) THEN ''
            ELSE CASE min(bound) WHEN 'at least' THEN '≥' WHEN 'at most' THEN '≤' WHEN 'about' THEN '≈' ELSE '' END
        END AS sign
    FROM disputed WHERE is_compared GROUP BY story_id, claim_id, claim, unit, outlet, value
)
SELECT
    story_id, claim_id, claim, unit, min(value) AS lowest, max(value) AS highest, count(DISTINCT outlet) AS outlets,
    string_agg(outlet || ': ' || sign || format('{:.15g}', value), '; ' ORDER BY value, outlet) AS given
FROM given
GROUP BY story_id, claim_id, claim, unit
HAVING count(DISTINCT outlet) > 1 AND min(value) < max(value)
ORDER BY story_id, outlets DESC, claim_id;
COMMENT ON VIEW discrepancies IS 'Claims whose figures differ: one row a claim and unit where no figure is given by all that give one';
COMMENT ON COLUMN discrepancies.unit IS 'What they count, such as people, percent or a currency; null where that is not told';
COMMENT ON COLUMN discrepancies.lowest IS 'The least of the figures compared';
COMMENT ON COLUMN discrepancies.highest IS 'The greatest of them';
COMMENT ON COLUMN discrepancies.outlets IS 'How many outlets give one';
COMMENT ON COLUMN discrepancies.given IS 'The figures, each with its outlet, the least first; ≥ at least, ≤ at most, ≈ about';

CREATE OR REPLACE VIEW divergence AS
WITH covering AS (
    SELECT DISTINCT sa.story_id, a.outlet FROM story_articles sa JOIN articles a USING (article_id)
), choices AS (
    SELECT
        a.story_id, a.outlet AS outlet_a, b.outlet AS outlet_b,
        count(*) FILTER (a.is_told) AS claims_a, count(*) FILTER (b.is_told) AS claims_b,
        count(*) FILTER (a.is_told AND b.is_told) AS shared,
        1 - count(*) FILTER (a.is_told AND b.is_told) / nullif(count(*) FILTER (a.is_told OR b.is_told), 0) AS choice
    FROM coverage a JOIN coverage b ON b.claim_id = a.claim_id AND b.outlet > a.outlet
    GROUP BY a.story_id, a.outlet, b.outlet
), named AS (
    SELECT
        story_id, outlet, referent, sum(mentions) AS mentions,
        sum(mentions) FILTER (valence = 'negative') / sum(mentions) AS negative,
        sum(mentions) FILTER (valence = 'positive') / sum(mentions) AS positive
    FROM naming GROUP BY story_id, outlet, referent
), shares AS (
    SELECT * REPLACE (coalesce(negative, 0) AS negative, coalesce(positive, 0) AS positive) FROM named
), namings AS (
    SELECT
        a.story_id, a.outlet AS outlet_a, b.outlet AS outlet_b,
        sum(a.mentions)::BIGINT AS mentions_a, sum(b.mentions)::BIGINT AS mentions_b,
        sum(least(a.mentions, b.mentions) * (
            abs(a.negative - b.negative) + abs(a.positive - b.positive)
            + abs(a.negative + a.positive - b.negative - b.positive)
        ) / 2) / sum(least(a.mentions, b.mentions)) AS naming
    FROM shares a JOIN shares b ON b.story_id = a.story_id AND b.referent = a.referent AND b.outlet > a.outlet
    GROUP BY a.story_id, a.outlet, b.outlet
), voices AS (
    SELECT story_id, outlet, stance, count(*) AS statements FROM told
    WHERE stance IS NOT NULL AND story_id IS NOT NULL GROUP BY story_id, outlet, stance
), voiced AS (
    SELECT story_id, outlet, sum(statements)::BIGINT AS attributed FROM voices GROUP BY story_id, outlet
), stances AS (
    SELECT
        a.story_id, a.outlet AS outlet_a, b.outlet AS outlet_b, a.attributed AS attributed_a,
        b.attributed AS attributed_b,
        1 - coalesce(sum(least(x.statements / a.attributed, coalesce(y.statements, 0) / b.attributed)), 0) AS stance
    FROM voiced a
    JOIN voiced b ON b.story_id = a.story_id AND b.outlet > a.outlet
    LEFT JOIN voices x ON x.story_id = a.story_id AND x.outlet = a.outlet
    LEFT JOIN voices y ON y.story_id = b.story_id AND y.outlet = b.outlet AND y.stance = x.stance
    GROUP BY a.story_id, a.outlet, b.outlet, a.attributed, b.attributed
), parts AS (
    SELECT
        a.story_id, a.outlet AS outlet_a, b.outlet AS outlet_b, coalesce(claims_a, 0) AS claims_a,
        coalesce(claims_b, 0) AS claims_b, coalesce(shared, 0) AS shared, choice,
        coalesce(mentions_a, 0) AS mentions_a, coalesce(mentions_b, 0) AS mentions_b,
        CASE WHEN least(mentions_a, mentions_b) >= 3 THEN naming END AS naming,
        coalesce(attributed_a, 0) AS attributed_a, coalesce(attributed_b, 0) AS attributed_b,
        CASE WHEN least(attributed_a, attributed_b) >= 3 THEN stance END AS stance
    FROM covering a JOIN covering b ON b.story_id = a.story_id AND b.outlet > a.outlet
    LEFT JOIN choices c ON c.story_id = a.story_id AND c.outlet_a = a.outlet AND c.outlet_b = b.outlet
    LEFT JOIN namings n ON n.story_id = a.story_id AND n.outlet_a = a.outlet AND n.outlet_b = b.outlet
    LEFT JOIN stances s ON s.story_id = a.story_id AND s.outlet_a = a.outlet AND s.outlet_b = b.outlet
)
SELECT *, list_avg([choice, naming, stance]) AS divergence
FROM parts
ORDER BY story_id, divergence DESC, outlet_a, outlet_b;
COMMENT ON VIEW divergence IS 'How far apart two outlets'' coverage of a story is: one row a story and pair of outlets';
COMMENT ON COLUMN divergence.outlet_a IS 'One outlet';
COMMENT ON COLUMN divergence.outlet_b IS 'The other';
COMMENT ON COLUMN divergence.claims_a IS 'Claims that the one tells';
COMMENT ON COLUMN divergence.claims_b IS 'Claims that the other tells';
COMMENT ON COLUMN divergence.shared IS 'Claims that both tell';
COMMENT ON COLUMN divergence.choice IS 'Jaccard distance of the claims they tell: 0 the same, 1 none in common; null where neither tells any';
COMMENT ON COLUMN divergence.mentions_a IS 'The one''s mentions of referents that both name';
COMMENT ON COLUMN divergence.mentions_b IS 'The other''s mentions of the same';
COMMENT ON COLUMN divergence.naming IS 'Share of such mentions that would have to judge otherwise for both to judge alike, 0 to 1: the mean over referents, by the fewer of their mentions; null where either has under 3';
COMMENT ON COLUMN divergence.attributed_a IS 'The one''s statements whose reporting verb has a stance';
COMMENT ON COLUMN divergence.attributed_b IS 'The other''s';
COMMENT ON COLUMN divergence.stance IS 'Share of such statements that would have to be of another stance for both to have each as often, 0 to 1; null where either has under 3';
COMMENT ON COLUMN divergence.divergence IS 'Mean of choice, naming and stance, those that are known: 0 the same, 1 as far apart as can be; null where none is';

CREATE OR REPLACE VIEW keyness_statements AS
SELECT
    k.story_id, k.grouping, k.group_name, k.word, k.z, k.log_odds, t.outlet, t.language, t.article_id, t.url,
    t.published_at, t.statement_id, t.text, t.english
FROM (SELECT *, unnest(statement_ids) AS statement_id FROM keyness) k
JOIN told t USING (statement_id)
ORDER BY k.story_id, k.grouping, k.group_name, k.z DESC, k.word, t.published_at, t.outlet, t.position;
COMMENT ON VIEW keyness_statements IS 'The statements behind words that set groups apart: one row a word, group and statement';
COMMENT ON COLUMN keyness_statements.text IS 'The statement in the original language';
COMMENT ON COLUMN comparison.english IS 'The statement in English; null where it is not translated yet';
COMMENT ON COLUMN keyness_statements.english IS 'The statement in English; null where it is not translated yet';

CREATE OR REPLACE VIEW framing AS
WITH covered AS (
    SELECT story_id, outlet, language, count(*) AS of_statements FROM told
    WHERE story_id IS NOT NULL GROUP BY ALL
), shown AS (
    SELECT
        t.story_id, t.outlet, t.language, sf.frame, count(*) AS statements,
        list(statement_id ORDER BY sf.score DESC, statement_id) AS statement_ids
    FROM statement_frames sf JOIN told t USING (statement_id)
    GROUP BY ALL
)
SELECT
    c.story_id, c.outlet, c.language, f.frame, coalesce(s.statements, 0) AS statements, c.of_statements,
    coalesce(s.statements, 0) / c.of_statements AS share, f.f1, f.is_experimental,
    coalesce(s.statement_ids, []) AS statement_ids
FROM covered c CROSS JOIN frames f
LEFT JOIN shown s
    ON s.story_id = c.story_id AND s.outlet = c.outlet AND s.language = c.language AND s.frame = f.frame
ORDER BY c.story_id, f.frame, share DESC, c.outlet;
COMMENT ON VIEW framing IS 'How often an outlet''s statements on a story show each generic frame: one row a story, outlet and frame';
COMMENT ON COLUMN framing.statements IS 'How many of the outlet''s statements show the frame; a statement may show several, or none';
COMMENT ON COLUMN framing.of_statements IS 'How many statements the outlet has on the story';
COMMENT ON COLUMN framing.share IS 'The one as a share of the other';
COMMENT ON COLUMN framing.statement_ids IS 'The statements that show it, the clearest first; their texts stand in told';
