-- What the database itself refuses, whoever writes the code above it.

-- Large sealed documents are already compressed: keep them out of line, untouched.
ALTER TABLE claim ALTER COLUMN document SET STORAGE EXTERNAL;
ALTER TABLE outbound_file ALTER COLUMN content SET STORAGE EXTERNAL;
ALTER TABLE inbound_file ALTER COLUMN content SET STORAGE EXTERNAL;

-- A tenant sees its own rows. No setting, no rows.
DO $$
DECLARE
    name text;
BEGIN
    FOR name IN
        SELECT c.relname FROM pg_class c
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'org_id' AND NOT a.attisdropped
        WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r'
          AND c.relname NOT IN ('org', 'due_work')
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format(
            'CREATE POLICY tenant ON %I USING (org_id = nullif(current_setting(''app.org_id'', true), '''')::bigint)',
            name);
    END LOOP;
END $$;

-- The ledger. A journal's entries come in one statement, in the journal's own transaction, and sum to zero.
CREATE FUNCTION entries_balance() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM added GROUP BY journal_id HAVING sum(amount_cents) <> 0) THEN
        RAISE EXCEPTION 'a journal does not sum to zero' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF EXISTS (
        SELECT 1 FROM (SELECT DISTINCT journal_id, org_id FROM added) a
        LEFT JOIN journal j ON j.id = a.journal_id AND j.org_id = a.org_id AND j.xid = pg_current_xact_id()
        WHERE j.id IS NULL
    ) THEN
        RAISE EXCEPTION 'an entry is outside its journal''s transaction'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER entries_balance AFTER INSERT ON entry
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION entries_balance();
