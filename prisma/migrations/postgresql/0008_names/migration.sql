-- DropIndex
DROP INDEX "executions_created_at_id_idx";

-- CreateIndex
CREATE INDEX "executions_created_at_id_display_name_idx" ON "executions"("created_at" DESC, "id" DESC, "display_name");
