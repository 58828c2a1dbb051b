-- AlterTable
ALTER TABLE "executions" ADD COLUMN "caused_by_id" TEXT;
ALTER TABLE "executions" ADD COLUMN "chain_depth" INTEGER;
ALTER TABLE "executions" ADD COLUMN "schedule_id" TEXT;
ALTER TABLE "executions" ADD COLUMN "webhook_name" TEXT;

-- CreateTable
CREATE TABLE "reactions" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "scope" TEXT NOT NULL,
    "scope_id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "enabled" BOOLEAN NOT NULL,
    "statuses" TEXT NOT NULL,
    "created_at" DATETIME NOT NULL,
    "updated_at" DATETIME NOT NULL,
    "target" TEXT NOT NULL,
    "condition" TEXT,
    "url" TEXT,
    "secret" TEXT,
    "input" TEXT
);

-- CreateTable
CREATE TABLE "reaction_deliveries" (
    "execution_id" TEXT NOT NULL,
    "reaction_id" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "target" TEXT NOT NULL,
    "attempts" INTEGER NOT NULL,
    "created_at" DATETIME NOT NULL,
    "last_attempt_at" DATETIME,
    "next_attempt_at" DATETIME,
    "completed_at" DATETIME,
    "due_at" DATETIME,
    "response_status" INTEGER,
    "started_execution_id" TEXT,
    "error" TEXT,

    PRIMARY KEY ("execution_id", "reaction_id")
);

-- CreateTable
CREATE TABLE "webhooks" (
    "name" TEXT NOT NULL PRIMARY KEY,
    "kind" TEXT NOT NULL,
    "subject_id" TEXT NOT NULL,
    "enabled" BOOLEAN NOT NULL,
    "signature" TEXT NOT NULL,
    "secret" TEXT NOT NULL,
    "tolerance_seconds" INTEGER NOT NULL,
    "max_body_bytes" INTEGER NOT NULL,
    "idempotency_header" TEXT NOT NULL,
    "created_at" DATETIME NOT NULL,
    "updated_at" DATETIME NOT NULL,
    "description" TEXT NOT NULL,
    "input" TEXT
);

-- CreateIndex
CREATE INDEX "reactions_scope_id_created_at_id_idx" ON "reactions"("scope_id", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "reactions_created_at_id_idx" ON "reactions"("created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "reaction_deliveries_due_at_idx" ON "reaction_deliveries"("due_at");

-- CreateIndex
CREATE INDEX "webhooks_created_at_name_idx" ON "webhooks"("created_at" DESC, "name" DESC);

-- CreateIndex
CREATE INDEX "executions_schedule_id_created_at_id_idx" ON "executions"("schedule_id", "created_at" DESC, "id" DESC);
