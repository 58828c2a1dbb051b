import { status } from "@grpc/grpc-js";
import { ERROR_CODES, invalidArgument, OrchestratorError } from "../core/errors";
import { type Logger, silentLogger } from "../core/logger";
import { MAX_STATUS_MESSAGE_BYTES } from "./limits";
import { encodeError, GRPC_STATUS, STATUS_DETAILS_TRAILER } from "./status";
import { decodeStatusDetails } from "./status-details";

const METHOD = { method: "/test" };

function encode(error: unknown, logger: Logger = silentLogger) {
  const encoded = encodeError(error, logger, METHOD);
  const [bytes] = encoded.metadata.get(STATUS_DETAILS_TRAILER);
  return { ...encoded, bytes, decoded: Buffer.isBuffer(bytes) ? decodeStatusDetails(bytes) : undefined };
}

it("maps every code to the gRPC status of the same name", () => {
  for (const code of ERROR_CODES) {
    expect(GRPC_STATUS[code]).toBe(status[code]);
    expect(encode(new OrchestratorError(code, "why"))).toMatchObject({ code: status[code], details: "why" });
  }
});

it("sends violations as google.rpc.BadRequest, with the code and message of the call", () => {
  const violations = [
    { field: "title", description: "is required" },
    { field: "config/ü", description: "is „odd“" },
  ];
  const { details, decoded } = encode(invalidArgument(violations));
  expect(decoded).toEqual({ code: status.INVALID_ARGUMENT, message: details, violations });
});

it("encodes the status byte for byte as protobuf does", () => {
  const { bytes } = encode(
    new OrchestratorError("INVALID_ARGUMENT", "m", { violations: [{ field: "f", description: "d" }] }),
  );
  // Made by google.rpc.status_pb2 and error_details_pb2 of googleapis-common-protos for Python.
  const expected =
    "0803" +
    "12016d" +
    "1a35" +
    `0a29${hex("type.googleapis.com/google.rpc.BadRequest")}` +
    "1208" +
    "0a060a0166120164";
  expect(Buffer.isBuffer(bytes) && bytes.toString("hex")).toBe(expected);
});

it("masks what is not meant for clients, and logs the cause under the id that the client gets", () => {
  const logged: object[] = [];
  const logger = { ...silentLogger, error: (fields: object) => logged.push(fields) };
  const cause = new Error("password=secret");
  const { code, details } = encode(cause, logger);
  expect(code).toBe(status.INTERNAL);
  expect(details).not.toContain("secret");
  const [id] = /[0-9a-f-]{36}/.exec(details) ?? [];
  expect(logged).toEqual([{ method: "/test", error_id: id, err: cause }]);
});

it("keeps message and violations within what gRPC libraries take as trailers", () => {
  const violations = Array.from({ length: 500 }, (_, n) => ({
    field: `definition/nodes/${n}/id`,
    description: "日本語".repeat(n),
  }));
  const { details, decoded, bytes } = encode(invalidArgument(violations));
  expect(encodeURI(details).length).toBeLessThanOrEqual(MAX_STATUS_MESSAGE_BYTES);
  expect(decoded?.message).toBe(details);
  expect((bytes?.length ?? 0) * (4 / 3) + encodeURI(details).length).toBeLessThan(8 * 1024);
  const shown = decoded?.violations ?? [];
  expect(shown.slice(0, -1)).toEqual(violations.slice(0, shown.length - 1));
  expect(shown.at(-1)?.description).toBe(`${500 - shown.length + 1} more problems from here`);
});

it("never cuts a character in half, which the transport could not send", () => {
  for (const text of ["😀".repeat(2_000), `a${"😀".repeat(2_000)}`, "\ud800"]) {
    const { details } = encode(new OrchestratorError("NOT_FOUND", text));
    expect(() => encodeURI(details)).not.toThrow();
  }
});

function hex(text: string): string {
  return Buffer.from(text).toString("hex");
}
