-- Made anew rather than altered: added columns would stand behind inputs and outputs, and SQLite reads rows from the left.
-- Nothing refers to this table yet.
-- RedefineTables
CREATE TABLE "new_executions" (
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
    "display_name" TEXT,
    "labels" TEXT,
    "error" TEXT,
    "error_text" TEXT,
    "input" TEXT NOT NULL,
    "output" TEXT
);
INSERT INTO "new_executions" ("id", "kind", "subject_id", "status", "temporal_workflow_id", "temporal_run_id", "definition_hash", "workflow_version", "created_at", "started_at", "completed_at", "output_bytes", "error_code", "error_node_id", "error", "input", "output", "error_text") SELECT "id", "kind", "subject_id", "status", "temporal_workflow_id", "temporal_run_id", "definition_hash", "workflow_version", "created_at", "started_at", "completed_at", "output_bytes", "error_code", "error_node_id", "error", "input", "output", substr(lower(coalesce("error_code", '') || ' ' || coalesce("error_node_id", '') || ' ' || "error"), 1, 4000) FROM "executions";
DROP TABLE "executions";
ALTER TABLE "new_executions" RENAME TO "executions";

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

-- CreateTable
CREATE TABLE "execution_labels" (
    "execution_id" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "value" TEXT NOT NULL,
    "created_at" DATETIME NOT NULL,

    PRIMARY KEY ("execution_id", "key"),
    CONSTRAINT "execution_labels_execution_id_fkey" FOREIGN KEY ("execution_id") REFERENCES "executions" ("id") ON DELETE CASCADE ON UPDATE RESTRICT
);

-- CreateIndex
CREATE INDEX "execution_labels_key_value_created_at_execution_id_idx" ON "execution_labels"("key", "value", "created_at" DESC, "execution_id" DESC);

-- CreateIndex
CREATE INDEX "executions_completed_at_id_idx" ON "executions"("completed_at" DESC, "id" DESC);
