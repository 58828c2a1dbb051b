/**
 * The wire form of `google.rpc.Status` with `google.rpc.BadRequest`, as it stands in the trailer
 * `grpc-status-details-bin` (https://google.aip.dev/193). The few fields that we use are written by hand: they are
 * frozen, and it spares us a vendored copy of Google's files.
 */
import { BinaryReader, BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import type { FieldViolation } from "../core/errors";

const BAD_REQUEST_TYPE = "type.googleapis.com/google.rpc.BadRequest";

/** What `google.rpc.Status` says: the gRPC status code and message once more, and what is wrong with which field. */
export interface StatusDetails {
  readonly code: number;
  readonly message: string;
  readonly violations: readonly FieldViolation[];
}

/** Bytes that one violation takes in the encoded `BadRequest`. */
export function violationBytes(violation: FieldViolation): number {
  return encodeViolation(violation).length + 4;
}

export function encodeStatusDetails(status: StatusDetails): Uint8Array {
  const writer = new BinaryWriter();
  writer.tag(1, WireType.Varint).int32(status.code);
  writer.tag(2, WireType.LengthDelimited).string(status.message);
  if (status.violations.length > 0) {
    writer.tag(3, WireType.LengthDelimited).bytes(encodeAny(BAD_REQUEST_TYPE, encodeBadRequest(status.violations)));
  }
  return writer.finish();
}

export function decodeStatusDetails(bytes: Uint8Array): StatusDetails {
  let code = 0;
  let message = "";
  const violations: FieldViolation[] = [];
  readFields(bytes, (field, reader) => {
    if (field === 1) code = reader.int32();
    else if (field === 2) message = reader.string();
    else if (field === 3) violations.push(...decodeAny(reader.bytes()));
    else return false;
    return true;
  });
  return { code, message, violations };
}

function encodeAny(typeUrl: string, value: Uint8Array): Uint8Array {
  const writer = new BinaryWriter();
  writer.tag(1, WireType.LengthDelimited).string(typeUrl);
  writer.tag(2, WireType.LengthDelimited).bytes(value);
  return writer.finish();
}

function encodeBadRequest(violations: readonly FieldViolation[]): Uint8Array {
  const writer = new BinaryWriter();
  for (const violation of violations) writer.tag(1, WireType.LengthDelimited).bytes(encodeViolation(violation));
  return writer.finish();
}

function encodeViolation({ field, description, reason }: FieldViolation): Uint8Array {
  const writer = new BinaryWriter();
  writer.tag(1, WireType.LengthDelimited).string(field);
  writer.tag(2, WireType.LengthDelimited).string(description);
  if (reason !== undefined) writer.tag(3, WireType.LengthDelimited).string(reason);
  return writer.finish();
}

/** The violations of a packed `BadRequest`; none of any other message. */
function decodeAny(bytes: Uint8Array): FieldViolation[] {
  let typeUrl = "";
  let value: Uint8Array = new Uint8Array();
  readFields(bytes, (field, reader) => {
    if (field === 1) typeUrl = reader.string();
    else if (field === 2) value = reader.bytes();
    else return false;
    return true;
  });
  const violations: FieldViolation[] = [];
  if (typeUrl !== BAD_REQUEST_TYPE) return violations;
  readFields(value, (field, reader) => {
    if (field !== 1) return false;
    violations.push(decodeViolation(reader.bytes()));
    return true;
  });
  return violations;
}

function decodeViolation(bytes: Uint8Array): FieldViolation {
  const violation: { -readonly [Key in keyof FieldViolation]: FieldViolation[Key] } = { field: "", description: "" };
  readFields(bytes, (field, reader) => {
    if (field === 1) violation.field = reader.string();
    else if (field === 2) violation.description = reader.string();
    else if (field === 3) violation.reason = reader.string();
    else return false;
    return true;
  });
  return violation;
}

/** Calls `read` for each field; one that it does not know (false) is skipped, as protobuf asks. */
function readFields(bytes: Uint8Array, read: (field: number, reader: BinaryReader) => boolean): void {
  const reader = new BinaryReader(bytes);
  while (reader.pos < reader.len) {
    const [field, wireType] = reader.tag();
    if (!read(field, reader)) reader.skip(wireType, field);
  }
}
