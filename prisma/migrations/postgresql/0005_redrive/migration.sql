-- AlterTable
ALTER TABLE "executions" ADD COLUMN     "redriven_from" TEXT;

-- CreateIndex
CREATE INDEX "executions_redriven_from_id_idx" ON "executions"("redriven_from", "id");
