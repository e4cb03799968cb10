-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateTable
CREATE TABLE "place" (
    "id" UUID NOT NULL,
    "country" TEXT NOT NULL,
    "names" JSONB NOT NULL,
    "as_of" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "place_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "organisation" (
    "id" UUID NOT NULL,
    "code" TEXT NOT NULL,
    "names" JSONB NOT NULL,
    "country" TEXT NOT NULL,
    "place_id" UUID NOT NULL,
    "status" TEXT NOT NULL,
    "gtin_prefix" TEXT,
    "public_name" BOOLEAN NOT NULL,
    "as_of" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "organisation_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "product" (
    "id" UUID NOT NULL,
    "organisation_id" UUID NOT NULL,
    "gtin" TEXT NOT NULL,
    "names" JSONB NOT NULL,
    "net_content" JSONB NOT NULL,
    "status" TEXT NOT NULL,
    "certified_until" DATE NOT NULL,
    "as_of" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "product_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "batch" (
    "id" UUID NOT NULL,
    "product_id" UUID NOT NULL,
    "organisation_id" UUID NOT NULL,
    "place_id" UUID NOT NULL,
    "gtin" TEXT NOT NULL,
    "lot" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "packed_on" DATE,
    "best_before" DATE,
    "units_produced" INTEGER,
    "as_of" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "batch_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "authority" (
    "id" INTEGER NOT NULL,
    "demo" BOOLEAN NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "complete_at" TIMESTAMPTZ(3),

    CONSTRAINT "authority_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "signing_key" (
    "id" UUID NOT NULL,
    "sealed" TEXT NOT NULL,
    "public_key" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "signing_key_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "certificate" (
    "id" UUID NOT NULL,
    "slot" TEXT NOT NULL,
    "profile" TEXT NOT NULL,
    "country" TEXT,
    "organisation_id" UUID,
    "window" INTEGER,
    "issuer_id" UUID,
    "key_id" UUID NOT NULL,
    "serial_number" BYTEA NOT NULL,
    "subject" JSONB NOT NULL,
    "not_before" TIMESTAMPTZ(3) NOT NULL,
    "signing_until" TIMESTAMPTZ(3),
    "scope" JSONB,
    "crl_url" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "issued_at" TIMESTAMPTZ(3),
    "der" BYTEA,
    "fingerprint" TEXT,
    "kid" TEXT,
    "subject_text" TEXT,
    "not_after" TIMESTAMPTZ(3),

    CONSTRAINT "certificate_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "crl" (
    "issuer_id" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "this_update" TIMESTAMPTZ(3) NOT NULL,
    "next_update" TIMESTAMPTZ(3) NOT NULL,
    "der" BYTEA NOT NULL,

    CONSTRAINT "crl_pkey" PRIMARY KEY ("issuer_id","number")
);

-- CreateTable
CREATE TABLE "bundle_state" (
    "id" INTEGER NOT NULL,
    "changes" INTEGER NOT NULL,
    "published" INTEGER NOT NULL,

    CONSTRAINT "bundle_state_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "trust_bundle" (
    "seq" INTEGER NOT NULL,
    "issued_at" TIMESTAMPTZ(3) NOT NULL,
    "next_update" TIMESTAMPTZ(3) NOT NULL,
    "jws" TEXT NOT NULL,

    CONSTRAINT "trust_bundle_pkey" PRIMARY KEY ("seq")
);

-- CreateTable
CREATE TABLE "print_run" (
    "id" UUID NOT NULL,
    "batch_id" UUID NOT NULL,
    "product_id" UUID NOT NULL,
    "organisation_id" UUID NOT NULL,
    "country" TEXT NOT NULL,
    "certificate_id" UUID NOT NULL,
    "kid" TEXT NOT NULL,
    "iat" INTEGER NOT NULL,
    "host" TEXT NOT NULL,
    "base_url" TEXT,
    "gtin" TEXT NOT NULL,
    "lot" TEXT NOT NULL,
    "attributes" JSONB NOT NULL,
    "facts" JSONB NOT NULL,
    "language" TEXT NOT NULL,
    "count" INTEGER NOT NULL,
    "issued" INTEGER NOT NULL DEFAULT 0,
    "voided" INTEGER NOT NULL DEFAULT 0,
    "status" TEXT NOT NULL,
    "requested_by" UUID NOT NULL,
    "correlation_id" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "completed_at" TIMESTAMPTZ(3),

    CONSTRAINT "print_run_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "label" (
    "gtin" TEXT NOT NULL,
    "serial" TEXT NOT NULL,
    "run_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "signature" BYTEA NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'issued',

    CONSTRAINT "label_pkey" PRIMARY KEY ("gtin","serial")
);

-- CreateTable
CREATE TABLE "outbox" (
    "id" BIGSERIAL NOT NULL,
    "event_id" UUID NOT NULL,
    "topic" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "value" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "outbox_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "inbox" (
    "event_id" UUID NOT NULL,
    "handled_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "inbox_pkey" PRIMARY KEY ("event_id")
);

-- CreateTable
CREATE TABLE "idempotency_key" (
    "scope" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "request_hash" TEXT NOT NULL,
    "response" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "idempotency_key_pkey" PRIMARY KEY ("scope","key")
);

-- CreateTable
CREATE TABLE "dead_letter" (
    "id" BIGSERIAL NOT NULL,
    "topic" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "value" TEXT NOT NULL,
    "error_code" TEXT NOT NULL,
    "error_message" TEXT NOT NULL,
    "attempts" INTEGER NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "replayed_at" TIMESTAMPTZ(3),

    CONSTRAINT "dead_letter_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "api_key" (
    "id" UUID NOT NULL,
    "hash" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "organisation_id" UUID,
    "country" TEXT,
    "expires_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "api_key_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "organisation_status_idx" ON "organisation"("status");

-- CreateIndex
CREATE INDEX "product_organisation_id_idx" ON "product"("organisation_id");

-- CreateIndex
CREATE INDEX "batch_status_idx" ON "batch"("status");

-- CreateIndex
CREATE UNIQUE INDEX "certificate_slot_key" ON "certificate"("slot");

-- CreateIndex
CREATE UNIQUE INDEX "certificate_key_id_key" ON "certificate"("key_id");

-- CreateIndex
CREATE UNIQUE INDEX "certificate_fingerprint_key" ON "certificate"("fingerprint");

-- CreateIndex
CREATE INDEX "certificate_kid_idx" ON "certificate"("kid");

-- CreateIndex
CREATE UNIQUE INDEX "certificate_organisation_id_window_key" ON "certificate"("organisation_id", "window");

-- CreateIndex
CREATE INDEX "print_run_batch_id_idx" ON "print_run"("batch_id");

-- CreateIndex
CREATE INDEX "print_run_organisation_id_created_at_idx" ON "print_run"("organisation_id", "created_at");

-- CreateIndex
CREATE INDEX "print_run_status_idx" ON "print_run"("status");

-- CreateIndex
CREATE UNIQUE INDEX "label_run_id_position_key" ON "label"("run_id", "position");

-- CreateIndex
CREATE UNIQUE INDEX "outbox_event_id_key" ON "outbox"("event_id");

-- CreateIndex
CREATE INDEX "inbox_handled_at_idx" ON "inbox"("handled_at");

-- CreateIndex
CREATE INDEX "idempotency_key_created_at_idx" ON "idempotency_key"("created_at");

-- CreateIndex
CREATE UNIQUE INDEX "api_key_hash_key" ON "api_key"("hash");

-- AddForeignKey
ALTER TABLE "certificate" ADD CONSTRAINT "certificate_key_id_fkey" FOREIGN KEY ("key_id") REFERENCES "signing_key"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "certificate" ADD CONSTRAINT "certificate_issuer_id_fkey" FOREIGN KEY ("issuer_id") REFERENCES "certificate"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "crl" ADD CONSTRAINT "crl_issuer_id_fkey" FOREIGN KEY ("issuer_id") REFERENCES "certificate"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "print_run" ADD CONSTRAINT "print_run_certificate_id_fkey" FOREIGN KEY ("certificate_id") REFERENCES "certificate"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
