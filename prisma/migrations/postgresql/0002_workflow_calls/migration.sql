-- CreateTable
CREATE TABLE "workflow_calls" (
    "workflow_id" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "called_id" TEXT NOT NULL,

    CONSTRAINT "workflow_calls_pkey" PRIMARY KEY ("workflow_id","position")
);

-- CreateIndex
CREATE INDEX "workflow_calls_called_id_idx" ON "workflow_calls"("called_id");

-- AddForeignKey
ALTER TABLE "workflow_calls" ADD CONSTRAINT "workflow_calls_workflow_id_fkey" FOREIGN KEY ("workflow_id") REFERENCES "workflows"("id") ON DELETE CASCADE ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "workflow_calls" ADD CONSTRAINT "workflow_calls_called_id_fkey" FOREIGN KEY ("called_id") REFERENCES "workflows"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;
