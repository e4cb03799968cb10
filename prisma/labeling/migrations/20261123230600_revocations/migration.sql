-- AlterTable
ALTER TABLE "certificate" ADD COLUMN     "revoked_at" TIMESTAMPTZ(3),
ADD COLUMN     "revoked_for" TEXT;

-- AlterTable
ALTER TABLE "print_run" ADD COLUMN     "stopped_for" TEXT;

-- CreateTable
CREATE TABLE "revocation" (
    "id" UUID NOT NULL,
    "cause" TEXT NOT NULL,
    "certificate_id" UUID,
    "organisation_id" UUID,
    "country" TEXT,
    "note" TEXT,
    "state" TEXT NOT NULL,
    "proposed_by" TEXT NOT NULL,
    "proposed_at" TIMESTAMPTZ(3) NOT NULL,
    "decided_by" TEXT,
    "decided_at" TIMESTAMPTZ(3),
    "lifted_by" TEXT,
    "lifted_at" TIMESTAMPTZ(3),

    CONSTRAINT "revocation_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "revocation_organisation_id_idx" ON "revocation"("organisation_id");
