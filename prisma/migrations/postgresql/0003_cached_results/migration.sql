-- CreateTable
CREATE TABLE "cached_results" (
    "hash" TEXT NOT NULL,
    "expires_at" TIMESTAMP(3) NOT NULL,
    "value" TEXT NOT NULL,

    CONSTRAINT "cached_results_pkey" PRIMARY KEY ("hash")
);

-- CreateIndex
CREATE INDEX "cached_results_expires_at_idx" ON "cached_results"("expires_at");
