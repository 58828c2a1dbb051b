-- CreateEnum
CREATE TYPE "task_status" AS ENUM ('PENDING', 'RUNNING', 'COMPLETED', 'FAILED', 'CANCELLED');

-- CreateEnum
CREATE TYPE "workflow_status" AS ENUM ('DRAFT', 'ACTIVE', 'ARCHIVED');

-- CreateEnum
CREATE TYPE "execution_status" AS ENUM ('PENDING', 'RUNNING', 'COMPLETED', 'FAILED', 'CANCELLED');

-- CreateEnum
CREATE TYPE "execution_kind" AS ENUM ('task', 'workflow');

-- CreateTable
CREATE TABLE "tasks" (
    "id" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "description" TEXT NOT NULL,
    "task_type" TEXT NOT NULL,
    "status" "task_status" NOT NULL,
    "workspace_path" TEXT NOT NULL,
    "created_at" TIMESTAMP(3) NOT NULL,
    "updated_at" TIMESTAMP(3) NOT NULL,
    "started_at" TIMESTAMP(3),
    "completed_at" TIMESTAMP(3),
    "last_execution_id" TEXT,
    "error" TEXT,
    "config" TEXT NOT NULL,
    "metadata" TEXT NOT NULL,

    CONSTRAINT "tasks_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "workflows" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "description" TEXT NOT NULL,
    "status" "workflow_status" NOT NULL,
    "version" INTEGER NOT NULL,
    "definition_hash" TEXT NOT NULL,
    "created_at" TIMESTAMP(3) NOT NULL,
    "updated_at" TIMESTAMP(3) NOT NULL,
    "definition" TEXT NOT NULL,

    CONSTRAINT "workflows_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "workflow_versions" (
    "workflow_id" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "definition_hash" TEXT NOT NULL,
    "created_at" TIMESTAMP(3) NOT NULL,
    "definition" TEXT NOT NULL,

    CONSTRAINT "workflow_versions_pkey" PRIMARY KEY ("workflow_id","version")
);

-- CreateTable
CREATE TABLE "workflow_tasks" (
    "workflow_id" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "task_id" TEXT NOT NULL,

    CONSTRAINT "workflow_tasks_pkey" PRIMARY KEY ("workflow_id","position")
);

-- CreateTable
CREATE TABLE "executions" (
    "id" TEXT NOT NULL,
    "kind" "execution_kind" NOT NULL,
    "subject_id" TEXT NOT NULL,
    "status" "execution_status" NOT NULL,
    "temporal_workflow_id" TEXT NOT NULL,
    "temporal_run_id" TEXT,
    "definition_hash" TEXT,
    "workflow_version" INTEGER,
    "created_at" TIMESTAMP(3) NOT NULL,
    "started_at" TIMESTAMP(3),
    "completed_at" TIMESTAMP(3),
    "output_bytes" INTEGER,
    "error_code" TEXT,
    "error_node_id" TEXT,
    "error" TEXT,
    "input" TEXT NOT NULL,
    "output" TEXT,

    CONSTRAINT "executions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "idempotency_keys" (
    "kind" "execution_kind" NOT NULL,
    "subject_id" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "request_hash" TEXT NOT NULL,
    "execution_id" TEXT NOT NULL,

    CONSTRAINT "idempotency_keys_pkey" PRIMARY KEY ("kind","subject_id","key")
);

-- CreateTable
CREATE TABLE "blobs" (
    "reference" TEXT NOT NULL,
    "execution_id" TEXT NOT NULL,
    "data" BYTEA NOT NULL,

    CONSTRAINT "blobs_pkey" PRIMARY KEY ("reference")
);

-- CreateIndex
CREATE INDEX "tasks_created_at_id_idx" ON "tasks"("created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "tasks_status_created_at_id_idx" ON "tasks"("status", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "tasks_task_type_created_at_id_idx" ON "tasks"("task_type", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "tasks_task_type_status_created_at_id_idx" ON "tasks"("task_type", "status", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "workflows_created_at_id_idx" ON "workflows"("created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "workflows_status_created_at_id_idx" ON "workflows"("status", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "workflow_tasks_task_id_idx" ON "workflow_tasks"("task_id");

-- CreateIndex
CREATE INDEX "executions_created_at_id_idx" ON "executions"("created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "executions_kind_created_at_id_idx" ON "executions"("kind", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "executions_subject_id_created_at_id_idx" ON "executions"("subject_id", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "executions_status_created_at_id_idx" ON "executions"("status", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "executions_status_started_at_id_idx" ON "executions"("status", "started_at", "id");

-- CreateIndex
CREATE INDEX "idempotency_keys_execution_id_idx" ON "idempotency_keys"("execution_id");

-- CreateIndex
CREATE INDEX "blobs_execution_id_idx" ON "blobs"("execution_id");

-- AddForeignKey
ALTER TABLE "workflow_versions" ADD CONSTRAINT "workflow_versions_workflow_id_fkey" FOREIGN KEY ("workflow_id") REFERENCES "workflows"("id") ON DELETE CASCADE ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "workflow_tasks" ADD CONSTRAINT "workflow_tasks_workflow_id_fkey" FOREIGN KEY ("workflow_id") REFERENCES "workflows"("id") ON DELETE CASCADE ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "workflow_tasks" ADD CONSTRAINT "workflow_tasks_task_id_fkey" FOREIGN KEY ("task_id") REFERENCES "tasks"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;
