-- AlterTable
ALTER TABLE "signing_key" ADD COLUMN     "cka_id" BYTEA,
ADD COLUMN     "token" TEXT,
ALTER COLUMN "sealed" DROP NOT NULL;

-- A key is in one custody.
ALTER TABLE "signing_key" ADD CONSTRAINT "signing_key_custody"
CHECK (("sealed" IS NULL) = ("cka_id" IS NOT NULL) AND ("cka_id" IS NULL) = ("token" IS NULL));
