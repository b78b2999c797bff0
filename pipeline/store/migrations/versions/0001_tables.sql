-- Every table as of the first release. Later migrations alter; this file never changes again.

CREATE TABLE audit (
    id BIGSERIAL NOT NULL,
    org_id BIGINT NOT NULL,
    actor TEXT NOT NULL,
    action VARCHAR(32) NOT NULL,
    subject_kind VARCHAR(16) NOT NULL,
    subject_id BIGINT NOT NULL,
    detail TEXT,
    at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_audit PRIMARY KEY (id)
);

CREATE TABLE billing_provider (
    id BIGSERIAL NOT NULL,
    org_id BIGINT NOT NULL,
    npi VARCHAR(10) NOT NULL,
    valid_from DATE NOT NULL,
    valid_to DATE,
    is_default BOOLEAN NOT NULL,
    details BYTEA NOT NULL,
    CONSTRAINT pk_billing_provider PRIMARY KEY (id),
    CONSTRAINT uq_billing_provider_org_id_npi_valid_from UNIQUE (org_id, npi, valid_from)
);

CREATE TABLE claim (
    id BIGSERIAL NOT NULL,
    org_id BIGINT NOT NULL,
    clm01 VARCHAR(14) NOT NULL,
    version SMALLINT NOT NULL,
    frequency VARCHAR(1) NOT NULL,
    external_hmac BYTEA NOT NULL,
    member_hmac BYTEA,
    index_key_id SMALLINT NOT NULL,
    content_sha256 BYTEA NOT NULL,
    state VARCHAR(16) NOT NULL,
    lot_id BIGINT,
    payer_id TEXT NOT NULL,
    charge_cents BIGINT NOT NULL,
    patient_paid_cents BIGINT NOT NULL,
    service_from DATE,
    document BYTEA NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    ready_requested_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_claim PRIMARY KEY (id),
    CONSTRAINT uq_claim_org_id_external_hmac_version UNIQUE (org_id, external_hmac, version),
    CONSTRAINT uq_claim_clm01_version UNIQUE (clm01, version)
)
 WITH (fillfactor = 80);
CREATE INDEX ix_claim_lot ON claim (lot_id);
CREATE INDEX ix_claim_requested ON claim (org_id, id) WHERE state = 'DRAFT' AND ready_requested_at IS NOT NULL;
CREATE INDEX ix_claim_waiting ON claim (org_id, id) WHERE state = 'READY' AND lot_id IS NULL;

CREATE TABLE entry (
    journal_id BIGINT NOT NULL,
    line SMALLINT NOT NULL,
    org_id BIGINT NOT NULL,
    account VARCHAR(32) NOT NULL,
    claim_id BIGINT,
    amount_cents BIGINT NOT NULL,
    CONSTRAINT pk_entry PRIMARY KEY (journal_id, line)
);
CREATE INDEX ix_entry_claim ON entry (claim_id);

CREATE TABLE history (
    id BIGSERIAL NOT NULL,
    org_id BIGINT NOT NULL,
    subject_kind VARCHAR(12) NOT NULL,
    subject_id BIGINT NOT NULL,
    event VARCHAR(24) NOT NULL,
    state VARCHAR(24) NOT NULL,
    actor TEXT NOT NULL,
    file_id BIGINT,
    inbound_file_id BIGINT,
    detail TEXT,
    at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    business_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_history PRIMARY KEY (id)
);
CREATE INDEX ix_history_subject ON history (subject_kind, subject_id);

CREATE TABLE installation (
    id SMALLINT NOT NULL,
    system_identifier TEXT NOT NULL,
    timeline INTEGER NOT NULL,
    database_name TEXT NOT NULL,
    database_oid BIGINT NOT NULL,
    environment TEXT NOT NULL,
    checked_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_installation PRIMARY KEY (id)
);

CREATE TABLE journal (
    id BIGSERIAL NOT NULL,
    org_id BIGINT NOT NULL,
    source_kind VARCHAR(24) NOT NULL,
    source_id BIGINT NOT NULL,
    purpose VARCHAR(24) NOT NULL,
    inbound_file_id BIGINT,
    segment INTEGER,
    business_date DATE NOT NULL,
    posted_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    CONSTRAINT pk_journal PRIMARY KEY (id),
    CONSTRAINT uq_journal_org_id_source_kind_source_id_purpose UNIQUE (org_id, source_kind, source_id, purpose)
);

CREATE TABLE lot (
    id BIGSERIAL NOT NULL,
    org_id BIGINT NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_lot PRIMARY KEY (id)
);

CREATE TABLE mailbox (
    id BIGSERIAL NOT NULL,
    org_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    kind VARCHAR(16) NOT NULL,
    mode VARCHAR(1) NOT NULL,
    enabled BOOLEAN NOT NULL,
    profile BYTEA NOT NULL,
    fence BIGINT DEFAULT '0' NOT NULL,
    lease_until TIMESTAMP WITH TIME ZONE,
    paused_until TIMESTAMP WITH TIME ZONE,
    pause_reason TEXT,
    failures INTEGER DEFAULT '0' NOT NULL,
    last_sent_at TIMESTAMP WITH TIME ZONE,
    last_polled_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_mailbox PRIMARY KEY (id),
    CONSTRAINT uq_mailbox_org_id_name UNIQUE (org_id, name)
);

CREATE TABLE org (
    org_id BIGSERIAL NOT NULL,
    slug VARCHAR(40) NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_org PRIMARY KEY (org_id),
    CONSTRAINT uq_org_slug UNIQUE (slug)
);

CREATE TABLE principal (
    id BIGSERIAL NOT NULL,
    org_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    roles TEXT[] NOT NULL,
    active BOOLEAN DEFAULT 'true' NOT NULL,
    CONSTRAINT pk_principal PRIMARY KEY (id),
    CONSTRAINT uq_principal_org_id_name UNIQUE (org_id, name)
);

CREATE TABLE work_exception (
    id BIGSERIAL NOT NULL,
    org_id BIGINT NOT NULL,
    type VARCHAR(32) NOT NULL,
    severity VARCHAR(8) NOT NULL,
    subject_kind VARCHAR(16) NOT NULL,
    subject_id BIGINT NOT NULL,
    money_cents BIGINT,
    reason TEXT NOT NULL,
    findings BYTEA,
    state VARCHAR(8) NOT NULL,
    resolution TEXT,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    resolved_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_work_exception PRIMARY KEY (id)
);
CREATE UNIQUE INDEX ux_work_exception_open ON work_exception (org_id, type, subject_kind, subject_id) WHERE state = 'OPEN';

CREATE TABLE counter (
    org_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    value BIGINT NOT NULL,
    CONSTRAINT pk_counter PRIMARY KEY (org_id, name),
    CONSTRAINT fk_counter_org_id FOREIGN KEY(org_id) REFERENCES org (org_id)
);

CREATE TABLE due_work (
    stage VARCHAR(16) NOT NULL,
    subject_id BIGINT NOT NULL,
    org_id BIGINT NOT NULL,
    due_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    attempts INTEGER DEFAULT '0' NOT NULL,
    last_error TEXT,
    CONSTRAINT pk_due_work PRIMARY KEY (stage, subject_id, org_id),
    CONSTRAINT fk_due_work_org_id FOREIGN KEY(org_id) REFERENCES org (org_id)
)
 WITH (fillfactor = 50);
CREATE INDEX ix_due_work_due_at ON due_work (due_at);

CREATE TABLE inbound_file (
    id BIGSERIAL NOT NULL,
    org_id BIGINT NOT NULL,
    mailbox_id BIGINT NOT NULL,
    parent_id BIGINT,
    name TEXT NOT NULL,
    kind VARCHAR(24) NOT NULL,
    sha256 BYTEA NOT NULL,
    size INTEGER NOT NULL,
    content BYTEA NOT NULL,
    state VARCHAR(16) NOT NULL,
    reason TEXT,
    received_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_inbound_file PRIMARY KEY (id),
    CONSTRAINT uq_inbound_file_org_id_mailbox_id_sha256 UNIQUE (org_id, mailbox_id, sha256),
    CONSTRAINT fk_inbound_file_mailbox_id FOREIGN KEY(mailbox_id) REFERENCES mailbox (id),
    CONSTRAINT fk_inbound_file_parent_id FOREIGN KEY(parent_id) REFERENCES inbound_file (id)
);
CREATE INDEX ix_inbound_file_received ON inbound_file (mailbox_id, id) WHERE state = 'RECEIVED';

CREATE TABLE outbound_file (
    id BIGSERIAL NOT NULL,
    org_id BIGINT NOT NULL,
    mailbox_id BIGINT NOT NULL,
    kind VARCHAR(8) NOT NULL,
    mode VARCHAR(1) NOT NULL,
    exchange TEXT NOT NULL,
    control_number BIGINT NOT NULL,
    name TEXT NOT NULL,
    lot_id BIGINT,
    state VARCHAR(16) NOT NULL,
    claims INTEGER DEFAULT '0' NOT NULL,
    amount_cents BIGINT NOT NULL,
    sha256 BYTEA,
    size INTEGER,
    content BYTEA,
    fence BIGINT DEFAULT '0' NOT NULL,
    lease_until TIMESTAMP WITH TIME ZONE,
    temporary_name TEXT,
    last_error TEXT,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    business_at TIMESTAMP WITH TIME ZONE,
    sent_at TIMESTAMP WITH TIME ZONE,
    answered_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_outbound_file PRIMARY KEY (id),
    CONSTRAINT uq_outbound_file_mailbox_id_name UNIQUE (mailbox_id, name),
    CONSTRAINT uq_outbound_file_exchange_kind_control_number UNIQUE (exchange, kind, control_number),
    CONSTRAINT fk_outbound_file_mailbox_id FOREIGN KEY(mailbox_id) REFERENCES mailbox (id)
);
CREATE INDEX ix_outbound_file_lot ON outbound_file (lot_id);

CREATE TABLE payment (
    id BIGSERIAL NOT NULL,
    org_id BIGINT NOT NULL,
    obligation TEXT NOT NULL,
    kind VARCHAR(16) NOT NULL,
    claim_id BIGINT,
    amount_cents BIGINT NOT NULL,
    payee BYTEA NOT NULL,
    payee_hmac BYTEA NOT NULL,
    account_last4 VARCHAR(4) NOT NULL,
    content_sha256 BYTEA NOT NULL,
    state VARCHAR(16) NOT NULL,
    rule TEXT,
    prepared_by TEXT NOT NULL,
    reason TEXT,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_payment PRIMARY KEY (id),
    CONSTRAINT uq_payment_org_id_obligation UNIQUE (org_id, obligation),
    CONSTRAINT fk_payment_claim_id FOREIGN KEY(claim_id) REFERENCES claim (id)
);

CREATE TABLE tenant (
    org_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    data_key BYTEA NOT NULL,
    index_key BYTEA NOT NULL,
    wrapping_key_id VARCHAR(40) NOT NULL,
    index_key_id SMALLINT DEFAULT '1' NOT NULL,
    baa_signed_on DATE,
    approval_limit_cents BIGINT NOT NULL,
    CONSTRAINT pk_tenant PRIMARY KEY (org_id),
    CONSTRAINT fk_tenant_org_id FOREIGN KEY(org_id) REFERENCES org (org_id)
);

CREATE TABLE approval (
    id BIGSERIAL NOT NULL,
    org_id BIGINT NOT NULL,
    payment_id BIGINT NOT NULL,
    principal_id BIGINT NOT NULL,
    decision VARCHAR(8) NOT NULL,
    content_sha256 BYTEA NOT NULL,
    decided_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_approval PRIMARY KEY (id),
    CONSTRAINT uq_approval_payment_id_principal_id UNIQUE (payment_id, principal_id),
    CONSTRAINT fk_approval_payment_id FOREIGN KEY(payment_id) REFERENCES payment (id),
    CONSTRAINT fk_approval_principal_id FOREIGN KEY(principal_id) REFERENCES principal (id)
);

CREATE TABLE delivery (
    id BIGSERIAL NOT NULL,
    org_id BIGINT NOT NULL,
    mailbox_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    size BIGINT NOT NULL,
    mtime_s BIGINT NOT NULL,
    sha256 BYTEA,
    inbound_file_id BIGINT,
    first_seen_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_delivery PRIMARY KEY (id),
    CONSTRAINT uq_delivery_mailbox_id_name_size_mtime_s UNIQUE (mailbox_id, name, size, mtime_s),
    CONSTRAINT fk_delivery_mailbox_id FOREIGN KEY(mailbox_id) REFERENCES mailbox (id),
    CONSTRAINT fk_delivery_inbound_file_id FOREIGN KEY(inbound_file_id) REFERENCES inbound_file (id)
);

CREATE TABLE payment_entry (
    id BIGSERIAL NOT NULL,
    org_id BIGINT NOT NULL,
    payment_id BIGINT NOT NULL,
    file_id BIGINT NOT NULL,
    trace VARCHAR(15) NOT NULL,
    amount_cents BIGINT NOT NULL,
    live BOOLEAN NOT NULL,
    CONSTRAINT pk_payment_entry PRIMARY KEY (id),
    CONSTRAINT uq_payment_entry_org_id_trace UNIQUE (org_id, trace),
    CONSTRAINT fk_payment_entry_payment_id FOREIGN KEY(payment_id) REFERENCES payment (id),
    CONSTRAINT fk_payment_entry_file_id FOREIGN KEY(file_id) REFERENCES outbound_file (id)
);
CREATE INDEX ix_payment_entry_file ON payment_entry (file_id);
CREATE UNIQUE INDEX ux_payment_entry_live ON payment_entry (payment_id) WHERE live;

CREATE TABLE remittance (
    id BIGSERIAL NOT NULL,
    org_id BIGINT NOT NULL,
    inbound_file_id BIGINT NOT NULL,
    position INTEGER NOT NULL,
    set_key TEXT NOT NULL,
    content_sha256 BYTEA NOT NULL,
    payer_name TEXT,
    trace_number TEXT NOT NULL,
    trace_payer_id TEXT NOT NULL,
    method VARCHAR(3) NOT NULL,
    amount_cents BIGINT NOT NULL,
    payment_date DATE,
    provider_adjustments BYTEA,
    state VARCHAR(16) NOT NULL,
    received_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    released_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_remittance PRIMARY KEY (id),
    CONSTRAINT uq_remittance_inbound_file_id_position UNIQUE (inbound_file_id, position),
    CONSTRAINT fk_remittance_inbound_file_id FOREIGN KEY(inbound_file_id) REFERENCES inbound_file (id)
);
CREATE INDEX ix_remittance_content ON remittance (org_id, content_sha256);
CREATE INDEX ix_remittance_trace ON remittance (org_id, trace_number, trace_payer_id);
CREATE INDEX ix_remittance_unreleased ON remittance (org_id, id) WHERE state = 'MATCHED' AND released_at IS NULL;
CREATE UNIQUE INDEX ux_remittance_set ON remittance (org_id, set_key) WHERE state IN ('RECEIVED', 'POSTED', 'MATCHED');

CREATE TABLE transaction_set (
    id BIGSERIAL NOT NULL,
    org_id BIGINT NOT NULL,
    file_id BIGINT NOT NULL,
    control_number VARCHAR(9) NOT NULL,
    position INTEGER NOT NULL,
    ranges INTEGER[],
    acknowledgment VARCHAR(1),
    CONSTRAINT pk_transaction_set PRIMARY KEY (id),
    CONSTRAINT uq_transaction_set_file_id_control_number UNIQUE (file_id, control_number),
    CONSTRAINT fk_transaction_set_file_id FOREIGN KEY(file_id) REFERENCES outbound_file (id)
);

CREATE TABLE deposit (
    id BIGSERIAL NOT NULL,
    org_id BIGINT NOT NULL,
    inbound_file_id BIGINT NOT NULL,
    mailbox_id BIGINT NOT NULL,
    position INTEGER NOT NULL,
    trace_number TEXT,
    trace_payer_id TEXT,
    amount_cents BIGINT NOT NULL,
    effective_date DATE,
    state VARCHAR(16) NOT NULL,
    remittance_id BIGINT,
    received_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_deposit PRIMARY KEY (id),
    CONSTRAINT uq_deposit_inbound_file_id_position UNIQUE (inbound_file_id, position),
    CONSTRAINT fk_deposit_inbound_file_id FOREIGN KEY(inbound_file_id) REFERENCES inbound_file (id),
    CONSTRAINT fk_deposit_mailbox_id FOREIGN KEY(mailbox_id) REFERENCES mailbox (id),
    CONSTRAINT uq_deposit_remittance_id UNIQUE (remittance_id),
    CONSTRAINT fk_deposit_remittance_id FOREIGN KEY(remittance_id) REFERENCES remittance (id)
);
CREATE INDEX ix_deposit_trace ON deposit (org_id, trace_number);

CREATE TABLE remittance_claim (
    id BIGSERIAL NOT NULL,
    org_id BIGINT NOT NULL,
    remittance_id BIGINT NOT NULL,
    segment INTEGER NOT NULL,
    clp01 TEXT NOT NULL,
    payer_control_number TEXT,
    status VARCHAR(2) NOT NULL,
    charge_cents BIGINT NOT NULL,
    paid_cents BIGINT NOT NULL,
    patient_cents BIGINT NOT NULL,
    verdict VARCHAR(12) NOT NULL,
    adjustments BYTEA NOT NULL,
    claim_id BIGINT,
    CONSTRAINT pk_remittance_claim PRIMARY KEY (id),
    CONSTRAINT uq_remittance_claim_remittance_id_segment UNIQUE (remittance_id, segment),
    CONSTRAINT fk_remittance_claim_remittance_id FOREIGN KEY(remittance_id) REFERENCES remittance (id),
    CONSTRAINT fk_remittance_claim_claim_id FOREIGN KEY(claim_id) REFERENCES claim (id)
);
CREATE INDEX ix_remittance_claim_claim ON remittance_claim (claim_id);
CREATE INDEX ix_remittance_claim_clp01 ON remittance_claim (clp01);
CREATE INDEX ix_remittance_claim_unmatched ON remittance_claim (org_id) WHERE claim_id IS NULL;

CREATE TABLE submission (
    id BIGSERIAL NOT NULL,
    org_id BIGINT NOT NULL,
    claim_id BIGINT NOT NULL,
    file_id BIGINT NOT NULL,
    set_id BIGINT NOT NULL,
    ordinal SMALLINT NOT NULL,
    attempt SMALLINT NOT NULL,
    state VARCHAR(24) NOT NULL,
    clearinghouse_id TEXT,
    payer_control_number TEXT,
    status_codes TEXT,
    CONSTRAINT pk_submission PRIMARY KEY (id),
    CONSTRAINT uq_submission_claim_id_attempt UNIQUE (claim_id, attempt),
    CONSTRAINT fk_submission_claim_id FOREIGN KEY(claim_id) REFERENCES claim (id),
    CONSTRAINT fk_submission_file_id FOREIGN KEY(file_id) REFERENCES outbound_file (id),
    CONSTRAINT fk_submission_set_id FOREIGN KEY(set_id) REFERENCES transaction_set (id)
)
 WITH (fillfactor = 70);
CREATE INDEX ix_submission_file ON submission (file_id);
CREATE INDEX ix_submission_payer_number ON submission (org_id, payer_control_number);
CREATE INDEX ix_submission_set ON submission (set_id);
