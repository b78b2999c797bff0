-- Months: what grows for ever lies in a part a month, and what must be kept is kept by the database itself.

-- The tables. What history and audit hold already is poured into their months at the end.
ALTER TABLE history RENAME TO history_whole;
ALTER TABLE history_whole RENAME CONSTRAINT pk_history TO pk_history_whole;
ALTER INDEX ix_history_subject RENAME TO ix_history_whole_subject;
CREATE TABLE history (LIKE history_whole INCLUDING DEFAULTS, CONSTRAINT pk_history PRIMARY KEY (id, at))
    PARTITION BY RANGE (at);
CREATE INDEX ix_history_subject ON history (subject_kind, subject_id);
ALTER SEQUENCE history_id_seq OWNED BY history.id;

ALTER TABLE audit RENAME TO audit_whole;
ALTER TABLE audit_whole RENAME CONSTRAINT pk_audit TO pk_audit_whole;
CREATE TABLE audit (LIKE audit_whole INCLUDING DEFAULTS, CONSTRAINT pk_audit PRIMARY KEY (id, at))
    PARTITION BY RANGE (at);
ALTER SEQUENCE audit_id_seq OWNED BY audit.id;

CREATE TABLE inbound_content (
    inbound_file_id BIGINT NOT NULL,
    org_id BIGINT NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    content BYTEA NOT NULL,
    CONSTRAINT pk_inbound_content PRIMARY KEY (inbound_file_id, at),
    CONSTRAINT fk_inbound_content_inbound_file_id FOREIGN KEY(inbound_file_id) REFERENCES inbound_file (id)
) PARTITION BY RANGE (at);
ALTER TABLE inbound_content ALTER COLUMN content SET STORAGE EXTERNAL;
ALTER TABLE inbound_file ALTER COLUMN content DROP NOT NULL;

-- Under this bar nothing may go. The law's six years are the least; what an operator sets can only be more.
CREATE TABLE retention (
    id SMALLINT NOT NULL DEFAULT 1,
    years SMALLINT NOT NULL,
    history_from TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_retention PRIMARY KEY (id),
    CONSTRAINT ck_retention_one CHECK (id = 1),
    CONSTRAINT ck_retention_years CHECK (years >= 6)
);
CREATE FUNCTION kept_since() RETURNS timestamptz LANGUAGE sql STABLE SET search_path FROM CURRENT AS
    $$ SELECT now() - make_interval(years => greatest(6, (SELECT max(years) FROM retention))) $$;

CREATE FUNCTION only_upward() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR NEW.years < OLD.years OR coalesce(NEW.history_from < OLD.history_from, false) THEN
        RAISE EXCEPTION 'what is kept may be kept longer, never shorter' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER only_upward BEFORE UPDATE OR DELETE ON retention FOR EACH ROW EXECUTE FUNCTION only_upward();

-- Holds: a row without `releases` places one, a row with it ends the one it names.
CREATE TABLE legal_hold (
    id BIGSERIAL NOT NULL,
    org_id BIGINT NOT NULL,
    clm01 VARCHAR(14) NOT NULL,
    releases BIGINT,
    actor TEXT NOT NULL,
    reason BYTEA NOT NULL,
    at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_legal_hold PRIMARY KEY (id),
    CONSTRAINT uq_legal_hold_org_id_releases UNIQUE (org_id, releases),
    CONSTRAINT fk_legal_hold_releases FOREIGN KEY(releases) REFERENCES legal_hold (id)
);
CREATE INDEX ix_legal_hold_claim ON legal_hold (org_id, clm01);

-- All that a held claim has left behind, over all tenants: for the owner's eyes and for `keep()` only.
CREATE VIEW held AS
WITH RECURSIVE c AS (
    SELECT c.org_id, c.id FROM claim c WHERE EXISTS (
        SELECT FROM legal_hold h WHERE h.org_id = c.org_id AND h.clm01 = c.clm01 AND h.releases IS NULL
        AND NOT EXISTS (SELECT FROM legal_hold r WHERE r.org_id = h.org_id AND r.releases = h.id))
), s AS (
    SELECT s.org_id, s.id, s.file_id FROM submission s JOIN c ON s.claim_id = c.id
), p AS (
    SELECT p.org_id, p.id FROM payment p JOIN c ON p.claim_id = c.id
), pe AS (
    SELECT e.org_id, e.id, e.file_id FROM payment_entry e JOIN p ON e.payment_id = p.id
), rc AS (
    SELECT rc.org_id, rc.id, rc.remittance_id FROM remittance_claim rc JOIN c ON rc.claim_id = c.id
), r AS (
    SELECT r.org_id, r.id, r.inbound_file_id FROM remittance r WHERE r.id IN (SELECT remittance_id FROM rc)
), d AS (
    SELECT d.org_id, d.id, d.inbound_file_id FROM deposit d JOIN r ON d.remittance_id = r.id
), told AS (
    SELECT org_id, 'claim' AS kind, id FROM c
    UNION SELECT org_id, 'submission', id FROM s
    UNION SELECT org_id, 'file', file_id FROM s
    UNION SELECT org_id, 'file', file_id FROM pe
    UNION SELECT org_id, 'payment', id FROM p
    UNION SELECT org_id, 'payment_entry', id FROM pe
    UNION SELECT org_id, 'remittance_claim', id FROM rc
    UNION SELECT org_id, 'remittance', id FROM r
    UNION SELECT org_id, 'deposit', id FROM d
), i AS (
    SELECT f.org_id, f.id, f.parent_id FROM inbound_file f WHERE f.id IN (
        SELECT inbound_file_id FROM r UNION SELECT inbound_file_id FROM d
        UNION SELECT h.inbound_file_id FROM history h JOIN told t
            ON h.org_id = t.org_id AND h.subject_kind = t.kind AND h.subject_id = t.id
            WHERE h.inbound_file_id IS NOT NULL)
    UNION SELECT z.org_id, z.id, z.parent_id FROM inbound_file z JOIN i ON z.id = i.parent_id
)
SELECT org_id, kind, id FROM told
UNION SELECT org_id, 'inbound', id FROM i
UNION SELECT e.org_id, 'journal', e.journal_id FROM entry e JOIN c ON e.claim_id = c.id
UNION SELECT j.org_id, 'journal', j.id FROM journal j JOIN told t
    ON j.org_id = t.org_id AND j.source_kind = t.kind AND j.source_id = t.id;

-- The guards. `keep` gets SQL that tells of a row ($1) its time, kind and number. It runs as the owner, because whoever
-- deletes sees one tenant at most; and while it looks, no hold comes in between.
CREATE FUNCTION keep() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
    written timestamptz;
    what text;
    number bigint;
BEGIN
    EXECUTE 'SELECT ' || TG_ARGV[0] INTO written, what, number USING OLD;
    IF written IS NULL OR written > kept_since() THEN
        RAISE EXCEPTION 'a row of % is younger than what must be kept', TG_TABLE_NAME
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    LOCK TABLE legal_hold IN SHARE MODE;
    IF EXISTS (SELECT FROM held h WHERE h.org_id = OLD.org_id AND h.kind = what AND h.id = number) THEN
        RAISE EXCEPTION 'a row of % is under legal hold', TG_TABLE_NAME
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION stays_as_written() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what is written in % stays as it is', TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END $$;

-- Parts. A month begins and ends by UTC, whatever the session's zone. The app role has no rights on a part and would
-- meet none of its rows there: it reaches them through the whole table only.
CREATE FUNCTION shut(part text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', part);
    EXECUTE format('CREATE TRIGGER whole BEFORE TRUNCATE ON %I EXECUTE FUNCTION stays_as_written()', part);
END $$;

CREATE FUNCTION make_default(parent text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('CREATE TABLE %I PARTITION OF %I DEFAULT', parent || '_default', parent);
    PERFORM shut(parent || '_default');
END $$;

CREATE FUNCTION make_month(parent text, moment timestamptz) RETURNS void LANGUAGE plpgsql SET timezone = 'UTC' AS $$
DECLARE
    first timestamptz := date_trunc('month', moment);
    part text := parent || to_char(first, '_YYYY_MM');
BEGIN
    IF to_regclass(quote_ident(part)) IS NULL THEN
        EXECUTE format('CREATE TABLE %I PARTITION OF %I FOR VALUES FROM (%L) TO (%L)', part, parent,
                       first, first + interval '1 month');
        PERFORM shut(part);
    END IF;
END $$;

-- All rows of `source` go into the months of `parent`; `source` is gone afterwards.
CREATE FUNCTION pour(source text, parent text) RETURNS void LANGUAGE plpgsql SET timezone = 'UTC' AS $$
DECLARE
    moment timestamptz;
BEGIN
    FOR moment IN EXECUTE format('SELECT min(at) FROM %I GROUP BY date_trunc(''month'', at)', source) LOOP
        PERFORM make_month(parent, moment);
    END LOOP;
    EXECUTE format('INSERT INTO %I SELECT * FROM %I', parent, source);
    EXECUTE format('DROP TABLE %I', source);
END $$;

-- The months up to `ahead` after this one. What came without a month of its own, or as processes of the version before
-- wrote it, is put where it belongs. Run again it does nothing more.
CREATE FUNCTION make_months(ahead integer) RETURNS void LANGUAGE plpgsql SET timezone = 'UTC' AS $$
DECLARE
    parent text;
    stray boolean;
    moment timestamptz;
BEGIN
    PERFORM pg_advisory_xact_lock(4823002);
    FOREACH parent IN ARRAY ARRAY['history', 'audit', 'inbound_content'] LOOP
        EXECUTE format('SELECT EXISTS (SELECT FROM %I)', parent || '_default') INTO stray;
        IF stray THEN
            EXECUTE format('ALTER TABLE %I DETACH PARTITION %I', parent, parent || '_default');
            EXECUTE format('ALTER TABLE %I RENAME TO %I', parent || '_default', parent || '_stray');
            PERFORM make_default(parent);
            PERFORM pour(parent || '_stray', parent);
        END IF;
        FOR n IN 0..ahead LOOP
            PERFORM make_month(parent, date_trunc('month', now()) + make_interval(months => n));
        END LOOP;
    END LOOP;
    FOR moment IN SELECT min(received_at) FROM inbound_file WHERE content IS NOT NULL
        GROUP BY date_trunc('month', received_at) LOOP
        PERFORM make_month('inbound_content', moment);
    END LOOP;
    INSERT INTO inbound_content (inbound_file_id, org_id, at, content)
        SELECT id, org_id, received_at, content FROM inbound_file WHERE content IS NOT NULL;
    UPDATE inbound_file SET content = NULL WHERE content IS NOT NULL;
END $$;

-- Months that ended before `until`, with how many of their rows a hold keeps.
CREATE FUNCTION months_before(until timestamptz)
    RETURNS TABLE (parent text, first date, all_rows bigint, held_rows bigint)
    LANGUAGE plpgsql STABLE SET timezone = 'UTC' AS $$
DECLARE
    subject text;
BEGIN
    FOR parent, first IN
        SELECT p.relname, to_date(right(c.relname, 7), 'YYYY_MM') FROM pg_inherits i
        JOIN pg_class c ON c.oid = i.inhrelid JOIN pg_class p ON p.oid = i.inhparent
        WHERE p.relkind = 'p' AND p.relnamespace = current_schema()::regnamespace AND c.relname ~ '_\d{4}_\d{2}$'
        ORDER BY 2, 1
    LOOP
        CONTINUE WHEN first + interval '1 month' > until;
        subject := CASE parent WHEN 'inbound_content' THEN '(''inbound'', t.inbound_file_id)'
                               ELSE '(t.subject_kind, t.subject_id)' END;
        EXECUTE format('WITH h AS MATERIALIZED (SELECT * FROM held) SELECT count(*), count(*) FILTER (WHERE EXISTS ('
                       'SELECT FROM h WHERE h.org_id = t.org_id AND (h.kind, h.id) = %s)) FROM %I t',
                       subject, parent || to_char(first, '_YYYY_MM')) INTO all_rows, held_rows;
        RETURN NEXT;
    END LOOP;
END $$;

-- One month goes, for good: not while it is young, not while a hold has a row of it. That it went stays in the audit.
CREATE FUNCTION drop_month(parent text, first date, actor text) RETURNS void LANGUAGE plpgsql SET timezone = 'UTC' AS $$
DECLARE
    part text := parent || to_char(first, '_YYYY_MM');
    ends timestamptz := first + interval '1 month';
BEGIN
    IF ends > kept_since() THEN
        RAISE EXCEPTION '% is younger than what must be kept', part USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    LOCK TABLE legal_hold IN SHARE MODE;
    IF EXISTS (SELECT FROM months_before(ends) m
               WHERE m.parent = drop_month.parent AND m.first = drop_month.first AND m.held_rows > 0) THEN
        RAISE EXCEPTION '% is under legal hold', part USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    EXECUTE format('INSERT INTO audit (org_id, actor, action, subject_kind, subject_id, detail)'
                   ' SELECT org_id, $1, ''retention.drop'', ''month'', %L, %L || count(*) || '' rows'' FROM %I GROUP BY org_id',
                   to_char(first, 'YYYYMM'), parent || ': ', part) USING actor;
    EXECUTE format('DROP TABLE %I', part);
    IF parent = 'history' THEN
        INSERT INTO retention (years, history_from) VALUES (6, ends)
            ON CONFLICT (id) DO UPDATE SET history_from = greatest(retention.history_from, excluded.history_from);
    END IF;
END $$;

-- Who sees what, and what nobody may do.
DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['history', 'audit', 'inbound_content', 'legal_hold'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format(
            'CREATE POLICY tenant ON %I USING (org_id = nullif(current_setting(''app.org_id'', true), '''')::bigint)',
            name);
    END LOOP;
    FOREACH name IN ARRAY ARRAY['history', 'audit', 'inbound_content', 'journal', 'entry', 'outbound_file',
                                'inbound_file', 'legal_hold'] LOOP
        EXECUTE format('CREATE TRIGGER whole BEFORE TRUNCATE ON %I EXECUTE FUNCTION stays_as_written()', name);
    END LOOP;
    FOREACH name IN ARRAY ARRAY['history', 'audit', 'inbound_content', 'journal', 'entry', 'legal_hold'] LOOP
        EXECUTE format(
            'CREATE TRIGGER as_written BEFORE UPDATE ON %I FOR EACH ROW EXECUTE FUNCTION stays_as_written()', name);
    END LOOP;
    FOREACH name IN ARRAY ARRAY['history', 'audit', 'inbound_content'] LOOP
        PERFORM make_default(name);
    END LOOP;
END $$;

CREATE TRIGGER kept BEFORE DELETE ON history FOR EACH ROW
    EXECUTE FUNCTION keep('($1).at, ($1).subject_kind, ($1).subject_id');
CREATE TRIGGER kept BEFORE DELETE ON audit FOR EACH ROW
    EXECUTE FUNCTION keep('($1).at, ($1).subject_kind, ($1).subject_id');
CREATE TRIGGER kept BEFORE DELETE ON inbound_content FOR EACH ROW
    EXECUTE FUNCTION keep('($1).at, ''inbound'', ($1).inbound_file_id');
CREATE TRIGGER kept BEFORE DELETE ON outbound_file FOR EACH ROW
    EXECUTE FUNCTION keep('($1).created_at, ''file'', ($1).id');
CREATE TRIGGER bytes_kept BEFORE UPDATE OF content ON outbound_file FOR EACH ROW
    WHEN (OLD.content IS NOT NULL AND NEW.content IS DISTINCT FROM OLD.content)
    EXECUTE FUNCTION keep('($1).created_at, ''file'', ($1).id');
CREATE TRIGGER kept BEFORE DELETE ON journal FOR EACH ROW
    EXECUTE FUNCTION keep('($1).posted_at, ''journal'', ($1).id');
CREATE TRIGGER kept BEFORE DELETE ON entry FOR EACH ROW
    EXECUTE FUNCTION keep('(SELECT j.posted_at FROM journal j WHERE j.id = ($1).journal_id), ''journal'', ($1).journal_id');
CREATE TRIGGER kept BEFORE DELETE ON legal_hold FOR EACH ROW EXECUTE FUNCTION stays_as_written();

SELECT pour('history_whole', 'history'), pour('audit_whole', 'audit'), make_months(6);
