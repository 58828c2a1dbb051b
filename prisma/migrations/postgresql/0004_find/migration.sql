-- AlterTable
ALTER TABLE "executions" ADD COLUMN     "display_name" TEXT,
ADD COLUMN     "error_text" TEXT,
ADD COLUMN     "labels" TEXT;

-- What has failed before can be found as well.
UPDATE "executions" SET "error_text" = substr(lower(coalesce("error_code", '') || ' ' || coalesce("error_node_id", '') || ' ' || "error"), 1, 4000) WHERE "error" IS NOT NULL;

-- CreateTable
CREATE TABLE "execution_labels" (
    "execution_id" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "value" TEXT NOT NULL,
    "created_at" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "execution_labels_pkey" PRIMARY KEY ("execution_id","key")
);

-- CreateIndex
CREATE INDEX "execution_labels_key_value_created_at_execution_id_idx" ON "execution_labels"("key", "value", "created_at" DESC, "execution_id" DESC);

-- CreateIndex
CREATE INDEX "executions_completed_at_id_idx" ON "executions"("completed_at" DESC, "id" DESC);

-- AddForeignKey
ALTER TABLE "execution_labels" ADD CONSTRAINT "execution_labels_execution_id_fkey" FOREIGN KEY ("execution_id") REFERENCES "executions"("id") ON DELETE CASCADE ON UPDATE RESTRICT;
