import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import { Metadata, type ServiceError, type status } from "@grpc/grpc-js";
import { describeRpcError, fieldViolations, isConnectionLoss } from "./rpc-errors";

function serviceError(code: status, details: string, metadata = new Metadata()): ServiceError {
  return Object.assign(new Error(`${code}: ${details}`), { code, details, metadata });
}

/** `google.rpc.Status` around a packed detail, as servers in any language send it. */
function withDetails(typeUrl: string, detail: Uint8Array): Metadata {
  const any = new BinaryWriter().tag(1, WireType.LengthDelimited).string(typeUrl);
  any.tag(2, WireType.LengthDelimited).bytes(detail);
  const status = new BinaryWriter().tag(1, WireType.Varint).int32(3);
  status.tag(3, WireType.LengthDelimited).bytes(any.finish());
  const metadata = new Metadata();
  metadata.set("grpc-status-details-bin", Buffer.from(status.finish()));
  return metadata;
}

function badRequest(...violations: readonly (readonly [field: string, description: string])[]): Metadata {
  const detail = new BinaryWriter();
  for (const [field, description] of violations) {
    const violation = new BinaryWriter().tag(1, WireType.LengthDelimited).string(field);
    violation.tag(2, WireType.LengthDelimited).string(description);
    detail.tag(1, WireType.LengthDelimited).bytes(violation.finish());
  }
  return withDetails("type.googleapis.com/google.rpc.BadRequest", detail.finish());
}

const URL = "http://localhost:50051";

describe("a refusal", () => {
  test("names each field on a line of its own", () => {
    const error = serviceError(3, "a; b", badRequest(["title", "is required"], ["config/url", "must be a URL"]));
    expect(fieldViolations(error)).toHaveLength(2);
    expect(describeRpcError(error, URL)).toMatchObject({
      exitCode: 1,
      message: "2 problems\n  title: is required\n  config/url: must be a URL",
    });
  });

  test("of one field is one line", () => {
    expect(describeRpcError(serviceError(3, "x", badRequest(["title", "is required"])), URL).message).toBe(
      "title: is required",
    );
  });

  test("without details says the server's words", () => {
    expect(describeRpcError(serviceError(5, "there is no task of that id"), URL)).toMatchObject({
      exitCode: 1,
      message: "there is no task of that id",
    });
  });

  test("with details of another kind, or broken ones, still says the server's words", () => {
    const other = withDetails("type.googleapis.com/google.rpc.RetryInfo", new Uint8Array([8, 1]));
    expect(describeRpcError(serviceError(3, "words", other), URL).message).toBe("words");
    const broken = new Metadata();
    broken.set("grpc-status-details-bin", Buffer.from([0x1a, 0xff, 0xff]));
    expect(describeRpcError(serviceError(3, "words", broken), URL).message).toBe("words");
  });
});

test.each([
  [
    14,
    "No connection established. Last error: Error: connect ECONNREFUSED 127.0.0.1:1. Resolution note: ",
    3,
    `cannot reach ${URL}: connection refused`,
  ],
  [14, "Name resolution failed for target dns:nowhere:1", 3, `cannot reach ${URL}: no host nowhere is known`],
  [
    14,
    "No connection established. Last error: Error: 80:error:0A00010B:SSL routines:ssl3_get_record:wrong version number:../x.c:350:\n. Resolution note: ",
    3,
    `cannot reach ${URL}: it does not speak TLS; http:// may be meant`,
  ],
  [
    14,
    "No connection established. Last error: Error: first line\n. Resolution note: ",
    3,
    `cannot reach ${URL}: first line`,
  ],
  [
    8,
    "Received message larger than max (5000102 vs 4194304)",
    1,
    "too large: 5000102 bytes; the server takes at most 4194304 in one request",
  ],
  [14, "Temporal cannot be reached", 3, `${URL} is not available: Temporal cannot be reached`],
  [4, "Deadline exceeded after 30s", 3, `${URL} did not answer in time: Deadline exceeded after 30s`],
  [16, "no credentials", 1, "no credentials"],
  [12, "unknown method", 1, `${URL} answers, but is not an aco server of this version: unknown method`],
  [13, "internal error 4711", 1, "internal error 4711"],
] as const)("status %d (%s) exits %d", (code, details, exitCode, message) => {
  expect(describeRpcError(serviceError(code as status, details), URL)).toMatchObject({ exitCode, message });
});

test("only what the network did is worth another try", () => {
  expect(isConnectionLoss(serviceError(14, "Connection dropped"))).toBe(true);
  expect(isConnectionLoss(serviceError(13, "Received RST_STREAM with code 2"))).toBe(true);
  expect(isConnectionLoss(serviceError(13, "internal error 4711"))).toBe(false);
  expect(isConnectionLoss(serviceError(5, "not found"))).toBe(false);
  expect(isConnectionLoss(new Error("x"))).toBe(false);
});
