CREATE TABLE inquiry (
    id BIGSERIAL NOT NULL,
    org_id BIGINT NOT NULL,
    kind VARCHAR(12) NOT NULL,
    trace VARCHAR(50) NOT NULL,
    state VARCHAR(16) NOT NULL,
    payer_id TEXT NOT NULL,
    member_hmac BYTEA,
    claim_id BIGINT,
    service_from DATE,
    asked_by TEXT NOT NULL,
    question BYTEA NOT NULL,
    file_id BIGINT,
    inbound_file_id BIGINT,
    answer VARCHAR(24),
    answered BYTEA,
    business_at TIMESTAMP WITH TIME ZONE,
    answered_at TIMESTAMP WITH TIME ZONE,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_inquiry PRIMARY KEY (id),
    CONSTRAINT uq_inquiry_org_id_trace UNIQUE (org_id, trace),
    CONSTRAINT fk_inquiry_claim_id FOREIGN KEY(claim_id) REFERENCES claim (id),
    CONSTRAINT fk_inquiry_file_id FOREIGN KEY(file_id) REFERENCES outbound_file (id)
);
CREATE INDEX ix_inquiry_claim ON inquiry (claim_id) WHERE claim_id IS NOT NULL;
CREATE INDEX ix_inquiry_member ON inquiry (org_id, member_hmac) WHERE member_hmac IS NOT NULL;
CREATE INDEX ix_inquiry_open ON inquiry (org_id, id) WHERE state IN ('ASKED', 'IN_FILE');
CREATE INDEX ix_outbound_file_bytes ON outbound_file (mailbox_id, sha256) WHERE kind = 'ACH';
CREATE INDEX ix_bank_details_prenote ON bank_details (org_id, id) WHERE prenote IN ('wanted', 'out');
