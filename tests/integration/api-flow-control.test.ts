import { BLOB_CHUNK_BYTES } from "../../src/api/limits";
import { readStream } from "./api-client";
import { startTestApi, type TestApi, temporalIsDown } from "./api-server";

/** 64 MiB: far more than all buffers on the way may hold. */
const CHUNKS = 1_024;

/** How many chunks of the endless blob the API has asked for so far. */
let chunksRead = 0;

/** A blob that counts how far it was read and takes no memory itself. */
class EndlessBlob extends Uint8Array {
  override get length(): number {
    return CHUNKS * BLOB_CHUNK_BYTES;
  }
  override subarray(): Uint8Array<ArrayBuffer> {
    chunksRead += 1;
    return new Uint8Array(BLOB_CHUNK_BYTES);
  }
}

let test: TestApi;
beforeAll(async () => {
  test = await startTestApi({
    ...temporalIsDown,
    wrapStore: (store) => ({ ...store, getBlob: () => Promise.resolve(new EndlessBlob()) }),
  });
});
afterAll(() => test.close());
beforeEach(() => {
  chunksRead = 0;
});

/** Resolves when the server has read no further for a while. */
async function standsStill(): Promise<number> {
  for (let before = -1; before !== chunksRead; ) {
    before = chunksRead;
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
  return chunksRead;
}

/** A reader that takes nothing. */
function stillReader(client = test.client) {
  const call = client.executions.readBlob({ reference: "endless" });
  call.on("error", () => undefined);
  call.pause();
  return call;
}

it("reads no further ahead of a client that stands still than its buffers hold, and then goes on", async () => {
  const call = stillReader();
  // Also starts the flow of messages into the client's buffer.
  call.read(0);
  const ahead = await standsStill();
  expect(ahead).toBeGreaterThan(0);
  // 16 messages each in the server's and the client's stream, and what HTTP/2 and the sockets take.
  expect(ahead).toBeLessThan(128);
  const ended = readStream(call);
  call.resume();
  const { messages, code } = await ended;
  expect([code, messages.length, chunksRead]).toEqual(["OK", CHUNKS, CHUNKS]);
});

it("answers other calls and streams while one client stands still", async () => {
  const call = stillReader();
  call.read(0);
  await standsStill();
  expect((await test.client.listTasks()).total).toBe(0);
  const { messages } = await readStream(test.client.executions.readBlob({ reference: "endless" }));
  expect(messages).toHaveLength(CHUNKS);
  call.cancel();
});

it("stops reading when the client goes away", async () => {
  const call = stillReader();
  call.read(0);
  await standsStill();
  call.cancel();
  const after = await standsStill();
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect(chunksRead).toBe(after);
  expect(after).toBeLessThan(CHUNKS);
});

it("is not kept from stopping within 10 s by a client that stands still", async () => {
  const { api, client } = await test.startAnother();
  const call = stillReader(client);
  call.read(0);
  await standsStill();
  const closing = Date.now();
  await api.close();
  expect(Date.now() - closing).toBeLessThan(10_000);
  client.close();
});
