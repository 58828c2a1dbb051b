import { fitsPayload, MAX_PAYLOAD_BYTES } from "./payload-limits";

const ofBytes = (size: number) => "x".repeat(size - 2);

test("a payload fits at the limit and not one byte above", () => {
  expect(fitsPayload(ofBytes(MAX_PAYLOAD_BYTES))).toBe(true);
  expect(fitsPayload(ofBytes(MAX_PAYLOAD_BYTES + 1))).toBe(false);
});
