-- CreateTable
CREATE TABLE "execution_errors" (
    "execution_id" TEXT NOT NULL,
    "created_at" TIMESTAMP(3) NOT NULL,
    "text" TEXT NOT NULL,

    CONSTRAINT "execution_errors_pkey" PRIMARY KEY ("execution_id")
);

INSERT INTO "execution_errors" ("execution_id", "created_at", "text") SELECT "id", "created_at", "error_text" FROM "executions" WHERE "error_text" IS NOT NULL AND "completed_at" IS NOT NULL ORDER BY "created_at";

-- CreateIndex
CREATE INDEX "execution_errors_created_at_execution_id_idx" ON "execution_errors"("created_at" DESC, "execution_id" DESC);

-- AddForeignKey
ALTER TABLE "execution_errors" ADD CONSTRAINT "execution_errors_execution_id_fkey" FOREIGN KEY ("execution_id") REFERENCES "executions"("id") ON DELETE CASCADE ON UPDATE RESTRICT;

-- AlterTable
ALTER TABLE "executions" DROP COLUMN "error_text";
