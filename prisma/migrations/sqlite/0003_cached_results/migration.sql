-- CreateTable
CREATE TABLE "cached_results" (
    "hash" TEXT NOT NULL PRIMARY KEY,
    "expires_at" DATETIME NOT NULL,
    "value" TEXT NOT NULL
);

-- CreateIndex
CREATE INDEX "cached_results_expires_at_idx" ON "cached_results"("expires_at");
