CREATE TABLE payee (
    id BIGSERIAL NOT NULL,
    org_id BIGINT NOT NULL,
    kind VARCHAR(10) NOT NULL,
    key_hmac BYTEA NOT NULL,
    name BYTEA NOT NULL,
    name_hmac BYTEA NOT NULL,
    sec VARCHAR(3),
    hold VARCHAR(24),
    held_by TEXT,
    hold_note BYTEA,
    business_at TIMESTAMP WITH TIME ZONE,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_payee PRIMARY KEY (id),
    CONSTRAINT uq_payee_org_id_kind_key_hmac UNIQUE (org_id, kind, key_hmac)
);
CREATE INDEX ix_payee_name ON payee (org_id, name_hmac);
CREATE TABLE bank_details (
    id BIGSERIAL NOT NULL,
    org_id BIGINT NOT NULL,
    payee_id BIGINT NOT NULL,
    version SMALLINT NOT NULL,
    details BYTEA NOT NULL,
    account_hmac BYTEA NOT NULL,
    account_last4 VARCHAR(4) NOT NULL,
    state VARCHAR(16) NOT NULL,
    source VARCHAR(8) NOT NULL,
    source_id BIGINT,
    proposed_by TEXT NOT NULL,
    needed SMALLINT NOT NULL,
    confirmed_at TIMESTAMP WITH TIME ZONE,
    hold_until TIMESTAMP WITH TIME ZONE,
    prenote VARCHAR(8) DEFAULT 'none' NOT NULL,
    prenote_until DATE,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_bank_details PRIMARY KEY (id),
    CONSTRAINT uq_bank_details_payee_id_version UNIQUE (payee_id, version),
    CONSTRAINT fk_bank_details_payee_id FOREIGN KEY(payee_id) REFERENCES payee (id)
);
CREATE INDEX ix_bank_details_account ON bank_details (org_id, account_hmac);
CREATE UNIQUE INDEX ux_bank_details_active ON bank_details (payee_id) WHERE state = 'ACTIVE';
CREATE TABLE details_consent (
    id BIGSERIAL NOT NULL,
    org_id BIGINT NOT NULL,
    details_id BIGINT NOT NULL,
    principal_id BIGINT NOT NULL,
    at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_details_consent PRIMARY KEY (id),
    CONSTRAINT uq_details_consent_details_id_principal_id UNIQUE (details_id, principal_id),
    CONSTRAINT fk_details_consent_details_id FOREIGN KEY(details_id) REFERENCES bank_details (id),
    CONSTRAINT fk_details_consent_principal_id FOREIGN KEY(principal_id) REFERENCES principal (id)
);
CREATE TABLE name_hold (
    id BIGSERIAL NOT NULL,
    org_id BIGINT NOT NULL,
    name_hmac BYTEA NOT NULL,
    name BYTEA NOT NULL,
    reason BYTEA NOT NULL,
    placed_by TEXT NOT NULL,
    at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    lifted_by TEXT,
    lifted_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_name_hold PRIMARY KEY (id)
);
CREATE UNIQUE INDEX ux_name_hold_live ON name_hold (org_id, name_hmac) WHERE lifted_at IS NULL;
CREATE TABLE invoice (
    id BIGSERIAL NOT NULL,
    org_id BIGINT NOT NULL,
    payee_id BIGINT NOT NULL,
    number_hmac BYTEA NOT NULL,
    document BYTEA NOT NULL,
    content_sha256 BYTEA NOT NULL,
    amount_cents BIGINT NOT NULL,
    due_on DATE NOT NULL,
    payment_id BIGINT,
    entered_by TEXT NOT NULL,
    withdrawn_at TIMESTAMP WITH TIME ZONE,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_invoice PRIMARY KEY (id),
    CONSTRAINT uq_invoice_org_id_payee_id_number_hmac UNIQUE (org_id, payee_id, number_hmac),
    CONSTRAINT fk_invoice_payee_id FOREIGN KEY(payee_id) REFERENCES payee (id),
    CONSTRAINT fk_invoice_payment_id FOREIGN KEY(payment_id) REFERENCES payment (id)
);
CREATE INDEX ix_invoice_open ON invoice (org_id, due_on) WHERE payment_id IS NULL AND withdrawn_at IS NULL;
CREATE INDEX ix_invoice_payment ON invoice (payment_id);
CREATE TABLE bank_line (
    id BIGSERIAL NOT NULL,
    org_id BIGINT NOT NULL,
    mailbox_id BIGINT NOT NULL,
    inbound_file_id BIGINT NOT NULL,
    kind VARCHAR(12) NOT NULL,
    amount_cents BIGINT NOT NULL,
    day DATE NOT NULL,
    reference TEXT DEFAULT '' NOT NULL,
    file_id BIGINT,
    returns_id BIGINT,
    told_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_bank_line PRIMARY KEY (id),
    CONSTRAINT uq_bank_line_org_id_mailbox_id_kind_day_amount_cents_reference UNIQUE (org_id, mailbox_id, kind, day, amount_cents, reference),
    CONSTRAINT fk_bank_line_mailbox_id FOREIGN KEY(mailbox_id) REFERENCES mailbox (id),
    CONSTRAINT fk_bank_line_file_id FOREIGN KEY(file_id) REFERENCES outbound_file (id)
);
CREATE INDEX ix_bank_line_file ON bank_line (file_id);
ALTER TABLE payment ADD COLUMN payee_id BIGINT;
ALTER TABLE payment ADD COLUMN details_id BIGINT;
ALTER TABLE payment ADD COLUMN mailbox_id BIGINT;
ALTER TABLE payment ADD COLUMN deposit_id BIGINT;
ALTER TABLE payment ADD COLUMN remittance_id BIGINT;
ALTER TABLE payment ADD COLUMN replaces_id BIGINT;
ALTER TABLE payment ADD COLUMN reverses_id BIGINT;
ALTER TABLE payment ADD COLUMN sec VARCHAR(3);
ALTER TABLE payment ADD COLUMN addenda BYTEA;
ALTER TABLE payment ADD COLUMN same_day BOOLEAN DEFAULT false NOT NULL;
ALTER TABLE payment ADD COLUMN approved_at TIMESTAMP WITH TIME ZONE;
ALTER TABLE payment ADD COLUMN provisional_until DATE;
ALTER TABLE payment ADD COLUMN advice_file_id BIGINT;
ALTER TABLE payment ADD CONSTRAINT fk_payment_advice_file_id FOREIGN KEY(advice_file_id) REFERENCES outbound_file (id);
ALTER TABLE payment ADD CONSTRAINT fk_payment_deposit_id FOREIGN KEY(deposit_id) REFERENCES deposit (id);
ALTER TABLE payment ADD CONSTRAINT fk_payment_details_id FOREIGN KEY(details_id) REFERENCES bank_details (id);
ALTER TABLE payment ADD CONSTRAINT fk_payment_mailbox_id FOREIGN KEY(mailbox_id) REFERENCES mailbox (id);
ALTER TABLE payment ADD CONSTRAINT fk_payment_payee_id FOREIGN KEY(payee_id) REFERENCES payee (id);
ALTER TABLE payment ADD CONSTRAINT fk_payment_remittance_id FOREIGN KEY(remittance_id) REFERENCES remittance (id);
ALTER TABLE payment ADD CONSTRAINT fk_payment_replaces_id FOREIGN KEY(replaces_id) REFERENCES payment (id);
ALTER TABLE payment ADD CONSTRAINT fk_payment_reverses_id FOREIGN KEY(reverses_id) REFERENCES payment (id);
CREATE INDEX ix_payment_claim ON payment (claim_id);
CREATE INDEX ix_payment_deposit ON payment (deposit_id) WHERE deposit_id IS NOT NULL;
CREATE INDEX ix_payment_live ON payment (org_id, state) WHERE state IN ('WAITING', 'APPROVED', 'SENT', 'ACKNOWLEDGED');
CREATE INDEX ix_payment_payee ON payment (payee_id);
CREATE UNIQUE INDEX ux_payment_replaces ON payment (replaces_id) WHERE state NOT IN ('DENIED', 'VOIDED');
CREATE UNIQUE INDEX ux_payment_reverses ON payment (reverses_id) WHERE state NOT IN ('DENIED', 'VOIDED');
ALTER TABLE payment_entry ADD COLUMN effective_date DATE;
