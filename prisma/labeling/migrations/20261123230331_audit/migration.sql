-- CreateTable
CREATE TABLE "audit_record" (
    "seq" INTEGER NOT NULL,
    "time" TIMESTAMPTZ(3) NOT NULL,
    "actor" TEXT NOT NULL,
    "role" TEXT,
    "organisation_id" TEXT,
    "action" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "key_id" TEXT,
    "outcome" TEXT NOT NULL,
    "code" TEXT,
    "details" JSONB NOT NULL,
    "correlation_id" TEXT,
    "previous" TEXT NOT NULL,
    "hash" TEXT NOT NULL,

    CONSTRAINT "audit_record_pkey" PRIMARY KEY ("seq")
);

-- What is recorded stays: a schema file cannot say this, so it stands only here.
CREATE FUNCTION "refuse_change_of_audit"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit log is only added to: % is refused', TG_OP USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE TRIGGER "audit_record_stays" BEFORE UPDATE OR DELETE OR TRUNCATE ON "audit_record"
    FOR EACH STATEMENT EXECUTE FUNCTION "refuse_change_of_audit"();
