-- CreateTable
CREATE TABLE "tasks" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "title" TEXT NOT NULL,
    "description" TEXT NOT NULL,
    "task_type" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "workspace_path" TEXT NOT NULL,
    "created_at" DATETIME NOT NULL,
    "updated_at" DATETIME NOT NULL,
    "started_at" DATETIME,
    "completed_at" DATETIME,
    "last_execution_id" TEXT,
    "error" TEXT,
    "config" TEXT NOT NULL,
    "metadata" TEXT NOT NULL
);

-- CreateTable
CREATE TABLE "workflows" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "name" TEXT NOT NULL,
    "description" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "definition_hash" TEXT NOT NULL,
    "created_at" DATETIME NOT NULL,
    "updated_at" DATETIME NOT NULL,
    "definition" TEXT NOT NULL
);

-- CreateTable
CREATE TABLE "workflow_versions" (
    "workflow_id" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "definition_hash" TEXT NOT NULL,
    "created_at" DATETIME NOT NULL,
    "definition" TEXT NOT NULL,

    PRIMARY KEY ("workflow_id", "version"),
    CONSTRAINT "workflow_versions_workflow_id_fkey" FOREIGN KEY ("workflow_id") REFERENCES "workflows" ("id") ON DELETE CASCADE ON UPDATE RESTRICT
);

-- CreateTable
CREATE TABLE "workflow_tasks" (
    "workflow_id" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "task_id" TEXT NOT NULL,

    PRIMARY KEY ("workflow_id", "position"),
    CONSTRAINT "workflow_tasks_workflow_id_fkey" FOREIGN KEY ("workflow_id") REFERENCES "workflows" ("id") ON DELETE CASCADE ON UPDATE RESTRICT,
    CONSTRAINT "workflow_tasks_task_id_fkey" FOREIGN KEY ("task_id") REFERENCES "tasks" ("id") ON DELETE RESTRICT ON UPDATE RESTRICT
);

-- CreateTable
CREATE TABLE "executions" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "kind" TEXT NOT NULL,
    "subject_id" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "temporal_workflow_id" TEXT NOT NULL,
    "temporal_run_id" TEXT,
    "definition_hash" TEXT,
    "workflow_version" INTEGER,
    "created_at" DATETIME NOT NULL,
    "started_at" DATETIME,
    "completed_at" DATETIME,
    "output_bytes" INTEGER,
    "error_code" TEXT,
    "error_node_id" TEXT,
    "error" TEXT,
    "input" TEXT NOT NULL,
    "output" TEXT
);

-- CreateTable
CREATE TABLE "idempotency_keys" (
    "kind" TEXT NOT NULL,
    "subject_id" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "request_hash" TEXT NOT NULL,
    "execution_id" TEXT NOT NULL,

    PRIMARY KEY ("kind", "subject_id", "key")
);

-- CreateTable
CREATE TABLE "blobs" (
    "reference" TEXT NOT NULL PRIMARY KEY,
    "execution_id" TEXT NOT NULL,
    "data" BLOB NOT NULL
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
