-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateTable
CREATE TABLE "place" (
    "id" UUID NOT NULL,
    "country" TEXT NOT NULL,
    "level" INTEGER NOT NULL,
    "type" TEXT NOT NULL,
    "parent_id" UUID,
    "code_system" TEXT,
    "code" TEXT,
    "names" JSONB NOT NULL,
    "aliases" TEXT[],
    "search_text" TEXT NOT NULL,
    "latitude" DOUBLE PRECISION,
    "longitude" DOUBLE PRECISION,
    "altitude_metres" INTEGER,
    "valid_from" DATE,
    "valid_to" DATE,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "place_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "counter" (
    "name" TEXT NOT NULL,
    "value" INTEGER NOT NULL,

    CONSTRAINT "counter_pkey" PRIMARY KEY ("name")
);

-- CreateTable
CREATE TABLE "organisation" (
    "id" UUID NOT NULL,
    "code" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "legal_form" TEXT,
    "names" JSONB NOT NULL,
    "country" TEXT NOT NULL,
    "place_id" UUID NOT NULL,
    "status" TEXT NOT NULL,
    "gtin_prefix" TEXT,
    "last_item_reference" INTEGER NOT NULL DEFAULT 0,
    "public_name" BOOLEAN NOT NULL,
    "search_text" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "organisation_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "organisation_approval" (
    "organisation_id" UUID NOT NULL,
    "committee_id" UUID NOT NULL,
    "committee_names" JSONB NOT NULL,
    "decided_at" TIMESTAMPTZ(3) NOT NULL,
    "decided_by" UUID NOT NULL,

    CONSTRAINT "organisation_approval_pkey" PRIMARY KEY ("organisation_id")
);

-- CreateTable
CREATE TABLE "product" (
    "id" UUID NOT NULL,
    "organisation_id" UUID NOT NULL,
    "country" TEXT NOT NULL,
    "gtin" TEXT NOT NULL,
    "names" JSONB NOT NULL,
    "category" TEXT NOT NULL,
    "hs_code" TEXT NOT NULL,
    "sales_unit" TEXT NOT NULL,
    "net_content" JSONB NOT NULL,
    "shelf_life_days" INTEGER,
    "process_template" JSONB NOT NULL,
    "status" TEXT NOT NULL,
    "search_text" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "product_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "certificate_of_quality" (
    "number" TEXT NOT NULL,
    "product_id" UUID NOT NULL,
    "committee_id" UUID NOT NULL,
    "committee_names" JSONB NOT NULL,
    "decided_at" TIMESTAMPTZ(3) NOT NULL,
    "valid_until" DATE NOT NULL,
    "decided_by" UUID NOT NULL,

    CONSTRAINT "certificate_of_quality_pkey" PRIMARY KEY ("number")
);

-- CreateTable
CREATE TABLE "person" (
    "id" UUID NOT NULL,
    "login" TEXT NOT NULL,
    "password_hash" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "organisation_id" UUID,
    "country" TEXT,
    "display_name" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "person_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "session" (
    "id" UUID NOT NULL,
    "person_id" UUID NOT NULL,
    "token_hash" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "session_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "session_key" (
    "kid" TEXT NOT NULL,
    "public_jwk" JSONB NOT NULL,
    "sealed_private_jwk" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "session_key_pkey" PRIMARY KEY ("kid")
);

-- CreateTable
CREATE TABLE "sign_in_window" (
    "key" TEXT NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "attempts" INTEGER NOT NULL,

    CONSTRAINT "sign_in_window_pkey" PRIMARY KEY ("key")
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
CREATE INDEX "place_code_idx" ON "place"("code");

-- CreateIndex
CREATE INDEX "place_parent_id_level_id_idx" ON "place"("parent_id", "level", "id");

-- CreateIndex
CREATE INDEX "place_country_level_id_idx" ON "place"("country", "level", "id");

-- CreateIndex
CREATE INDEX "place_level_id_idx" ON "place"("level", "id");

-- CreateIndex
CREATE UNIQUE INDEX "place_code_system_code_key" ON "place"("code_system", "code");

-- CreateIndex
CREATE UNIQUE INDEX "organisation_code_key" ON "organisation"("code");

-- CreateIndex
CREATE UNIQUE INDEX "organisation_gtin_prefix_key" ON "organisation"("gtin_prefix");

-- CreateIndex
CREATE INDEX "organisation_country_id_idx" ON "organisation"("country", "id");

-- CreateIndex
CREATE INDEX "organisation_kind_id_idx" ON "organisation"("kind", "id");

-- CreateIndex
CREATE INDEX "organisation_status_id_idx" ON "organisation"("status", "id");

-- CreateIndex
CREATE INDEX "organisation_place_id_id_idx" ON "organisation"("place_id", "id");

-- CreateIndex
CREATE INDEX "organisation_approval_committee_id_idx" ON "organisation_approval"("committee_id");

-- CreateIndex
CREATE UNIQUE INDEX "product_gtin_key" ON "product"("gtin");

-- CreateIndex
CREATE INDEX "product_organisation_id_id_idx" ON "product"("organisation_id", "id");

-- CreateIndex
CREATE INDEX "product_country_id_idx" ON "product"("country", "id");

-- CreateIndex
CREATE INDEX "product_category_id_idx" ON "product"("category", "id");

-- CreateIndex
CREATE INDEX "product_status_id_idx" ON "product"("status", "id");

-- CreateIndex
CREATE UNIQUE INDEX "certificate_of_quality_product_id_key" ON "certificate_of_quality"("product_id");

-- CreateIndex
CREATE INDEX "certificate_of_quality_committee_id_idx" ON "certificate_of_quality"("committee_id");

-- CreateIndex
CREATE UNIQUE INDEX "person_login_key" ON "person"("login");

-- CreateIndex
CREATE INDEX "person_role_id_idx" ON "person"("role", "id");

-- CreateIndex
CREATE INDEX "person_organisation_id_id_idx" ON "person"("organisation_id", "id");

-- CreateIndex
CREATE INDEX "session_person_id_created_at_idx" ON "session"("person_id", "created_at");

-- CreateIndex
CREATE INDEX "session_key_created_at_idx" ON "session_key"("created_at");

-- CreateIndex
CREATE INDEX "sign_in_window_started_at_idx" ON "sign_in_window"("started_at");

-- CreateIndex
CREATE UNIQUE INDEX "outbox_event_id_key" ON "outbox"("event_id");

-- CreateIndex
CREATE INDEX "inbox_handled_at_idx" ON "inbox"("handled_at");

-- CreateIndex
CREATE INDEX "idempotency_key_created_at_idx" ON "idempotency_key"("created_at");

-- CreateIndex
CREATE UNIQUE INDEX "api_key_hash_key" ON "api_key"("hash");

-- AddForeignKey
ALTER TABLE "place" ADD CONSTRAINT "place_parent_id_fkey" FOREIGN KEY ("parent_id") REFERENCES "place"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "organisation" ADD CONSTRAINT "organisation_place_id_fkey" FOREIGN KEY ("place_id") REFERENCES "place"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "organisation_approval" ADD CONSTRAINT "organisation_approval_organisation_id_fkey" FOREIGN KEY ("organisation_id") REFERENCES "organisation"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "organisation_approval" ADD CONSTRAINT "organisation_approval_committee_id_fkey" FOREIGN KEY ("committee_id") REFERENCES "organisation"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "product" ADD CONSTRAINT "product_organisation_id_fkey" FOREIGN KEY ("organisation_id") REFERENCES "organisation"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "certificate_of_quality" ADD CONSTRAINT "certificate_of_quality_product_id_fkey" FOREIGN KEY ("product_id") REFERENCES "product"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "certificate_of_quality" ADD CONSTRAINT "certificate_of_quality_committee_id_fkey" FOREIGN KEY ("committee_id") REFERENCES "organisation"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "person" ADD CONSTRAINT "person_organisation_id_fkey" FOREIGN KEY ("organisation_id") REFERENCES "organisation"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "session" ADD CONSTRAINT "session_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
