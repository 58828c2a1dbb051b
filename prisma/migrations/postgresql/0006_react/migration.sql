-- CreateEnum
CREATE TYPE "reaction_scope" AS ENUM ('execution', 'task', 'workflow');

-- CreateEnum
CREATE TYPE "reaction_kind" AS ENUM ('callback', 'start');

-- CreateEnum
CREATE TYPE "delivery_status" AS ENUM ('PENDING', 'DONE', 'SKIPPED', 'FAILED');

-- AlterTable
ALTER TABLE "executions" ADD COLUMN     "caused_by_id" TEXT,
ADD COLUMN     "chain_depth" INTEGER,
ADD COLUMN     "schedule_id" TEXT,
ADD COLUMN     "webhook_name" TEXT;

-- CreateTable
CREATE TABLE "reactions" (
    "id" TEXT NOT NULL,
    "scope" "reaction_scope" NOT NULL,
    "scope_id" TEXT NOT NULL,
    "kind" "reaction_kind" NOT NULL,
    "enabled" BOOLEAN NOT NULL,
    "statuses" TEXT NOT NULL,
    "created_at" TIMESTAMP(3) NOT NULL,
    "updated_at" TIMESTAMP(3) NOT NULL,
    "target" TEXT NOT NULL,
    "condition" TEXT,
    "url" TEXT,
    "secret" TEXT,
    "input" TEXT,

    CONSTRAINT "reactions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "reaction_deliveries" (
    "execution_id" TEXT NOT NULL,
    "reaction_id" TEXT NOT NULL,
    "status" "delivery_status" NOT NULL,
    "kind" "reaction_kind" NOT NULL,
    "target" TEXT NOT NULL,
    "attempts" INTEGER NOT NULL,
    "created_at" TIMESTAMP(3) NOT NULL,
    "last_attempt_at" TIMESTAMP(3),
    "next_attempt_at" TIMESTAMP(3),
    "completed_at" TIMESTAMP(3),
    "due_at" TIMESTAMP(3),
    "response_status" INTEGER,
    "started_execution_id" TEXT,
    "error" TEXT,

    CONSTRAINT "reaction_deliveries_pkey" PRIMARY KEY ("execution_id","reaction_id")
);

-- CreateTable
CREATE TABLE "webhooks" (
    "name" TEXT NOT NULL,
    "kind" "execution_kind" NOT NULL,
    "subject_id" TEXT NOT NULL,
    "enabled" BOOLEAN NOT NULL,
    "signature" TEXT NOT NULL,
    "secret" TEXT NOT NULL,
    "tolerance_seconds" INTEGER NOT NULL,
    "max_body_bytes" INTEGER NOT NULL,
    "idempotency_header" TEXT NOT NULL,
    "created_at" TIMESTAMP(3) NOT NULL,
    "updated_at" TIMESTAMP(3) NOT NULL,
    "description" TEXT NOT NULL,
    "input" TEXT,

    CONSTRAINT "webhooks_pkey" PRIMARY KEY ("name")
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
