-- CreateTable
CREATE TABLE "workflow_calls" (
    "workflow_id" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "called_id" TEXT NOT NULL,

    PRIMARY KEY ("workflow_id", "position"),
    CONSTRAINT "workflow_calls_workflow_id_fkey" FOREIGN KEY ("workflow_id") REFERENCES "workflows" ("id") ON DELETE CASCADE ON UPDATE RESTRICT,
    CONSTRAINT "workflow_calls_called_id_fkey" FOREIGN KEY ("called_id") REFERENCES "workflows" ("id") ON DELETE RESTRICT ON UPDATE RESTRICT
);

-- CreateIndex
CREATE INDEX "workflow_calls_called_id_idx" ON "workflow_calls"("called_id");
