import { OrchestratorError } from "../../core/errors";
import type { BlobChunk, ReadBlobRequest } from "../../gen/proto/executions";
import type { ApiContext } from "../api-context";
import { BLOB_CHUNK_BYTES, MAX_REFERENCE_LENGTH } from "../limits";
import { RequestCheck } from "../requests/request-check";
import type { ResponseStream } from "../server-stream";

export async function readBlob(
  { store }: ApiContext,
  request: ReadBlobRequest,
  stream: ResponseStream<BlobChunk>,
): Promise<void> {
  const check = new RequestCheck();
  const reference = check.requiredText("reference", request.reference, MAX_REFERENCE_LENGTH);
  check.finish();
  const blob = await store.getBlob(reference);
  if (blob === null) {
    throw new OrchestratorError("NOT_FOUND", `there is no blob ${JSON.stringify(reference.slice(0, 64))}`);
  }
  for (let start = 0; start < blob.length; start += BLOB_CHUNK_BYTES) {
    await stream.write({ data: Buffer.from(blob.subarray(start, start + BLOB_CHUNK_BYTES)) });
  }
}
