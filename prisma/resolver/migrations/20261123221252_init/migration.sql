-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateTable
CREATE TABLE "place" (
    "id" UUID NOT NULL,
    "parent_id" UUID,
    "data" JSONB NOT NULL,
    "as_of" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "place_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "organisation" (
    "id" UUID NOT NULL,
    "data" JSONB NOT NULL,
    "as_of" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "organisation_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "product" (
    "id" UUID NOT NULL,
    "gtin" TEXT NOT NULL,
    "data" JSONB NOT NULL,
    "certification" JSONB,
    "as_of" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "product_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "batch" (
    "id" UUID NOT NULL,
    "product_id" UUID NOT NULL,
    "gtin" TEXT NOT NULL,
    "lot" TEXT NOT NULL,
    "data" JSONB NOT NULL,
    "recalled" BOOLEAN NOT NULL,
    "recall_reason" TEXT,
    "as_of" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "batch_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "step" (
    "id" UUID NOT NULL,
    "batch_id" UUID NOT NULL,
    "data" JSONB NOT NULL,
    "as_of" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "step_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "print_run" (
    "id" UUID NOT NULL,
    "batch_id" UUID NOT NULL,
    "gtin" TEXT NOT NULL,
    "lot" TEXT NOT NULL,
    "kid" TEXT NOT NULL,
    "issued_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "print_run_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "label" (
    "gtin" TEXT NOT NULL,
    "serial" TEXT NOT NULL,
    "print_run_id" UUID NOT NULL,
    "voided_at" TIMESTAMPTZ(3),
    "void_reason" TEXT,
    "scans" INTEGER NOT NULL DEFAULT 0,
    "first_scan_at" TIMESTAMPTZ(3),

    CONSTRAINT "label_pkey" PRIMARY KEY ("gtin","serial")
);

-- CreateTable
CREATE TABLE "trust_bundle_part" (
    "seq" INTEGER NOT NULL,
    "part" INTEGER NOT NULL,
    "parts" INTEGER NOT NULL,
    "content" TEXT NOT NULL,

    CONSTRAINT "trust_bundle_part_pkey" PRIMARY KEY ("seq","part")
);

-- CreateTable
CREATE TABLE "trust_bundle" (
    "seq" INTEGER NOT NULL,
    "issued_at" TIMESTAMPTZ(3) NOT NULL,
    "next_update" TIMESTAMPTZ(3) NOT NULL,
    "jws" TEXT NOT NULL,
    "opened_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "trust_bundle_pkey" PRIMARY KEY ("seq")
);

-- CreateTable
CREATE TABLE "trust_root" (
    "key_hash" TEXT NOT NULL,
    "pinned_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "trust_root_pkey" PRIMARY KEY ("key_hash")
);

-- CreateTable
CREATE TABLE "crl_number" (
    "issuer_key_hash" TEXT NOT NULL,
    "number" DECIMAL(60,0) NOT NULL,

    CONSTRAINT "crl_number_pkey" PRIMARY KEY ("issuer_key_hash")
);

-- CreateTable
CREATE TABLE "scan" (
    "id" BIGSERIAL NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "gtin" TEXT,
    "lot" TEXT,
    "serial" TEXT,
    "verdict" TEXT NOT NULL,
    "channel" TEXT NOT NULL,

    CONSTRAINT "scan_pkey" PRIMARY KEY ("id")
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
CREATE INDEX "product_gtin_idx" ON "product"("gtin");

-- CreateIndex
CREATE INDEX "batch_gtin_lot_idx" ON "batch"("gtin", "lot");

-- CreateIndex
CREATE INDEX "step_batch_id_idx" ON "step"("batch_id");

-- CreateIndex
CREATE INDEX "label_serial_idx" ON "label"("serial");

-- CreateIndex
CREATE INDEX "scan_gtin_serial_at_idx" ON "scan"("gtin", "serial", "at");

-- CreateIndex
CREATE UNIQUE INDEX "outbox_event_id_key" ON "outbox"("event_id");

-- CreateIndex
CREATE INDEX "inbox_handled_at_idx" ON "inbox"("handled_at");

-- CreateIndex
CREATE INDEX "idempotency_key_created_at_idx" ON "idempotency_key"("created_at");

-- CreateIndex
CREATE UNIQUE INDEX "api_key_hash_key" ON "api_key"("hash");
