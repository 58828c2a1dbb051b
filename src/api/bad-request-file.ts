import { create } from "@bufbuild/protobuf";
import {
  type FileDescriptorProto,
  FileDescriptorProtoSchema,
  FieldDescriptorProto_Label as Label,
  FieldDescriptorProto_Type as Type,
} from "@bufbuild/protobuf/wkt";

/**
 * As much of `google/rpc/error_details.proto` as we send, so that a client that learns types by reflection can show the
 * details of an error.
 */
export function badRequestFile(): FileDescriptorProto {
  const text = (name: string, number: number) => ({ name, number, label: Label.OPTIONAL, type: Type.STRING });
  return create(FileDescriptorProtoSchema, {
    name: "google/rpc/error_details.proto",
    package: "google.rpc",
    syntax: "proto3",
    messageType: [
      {
        name: "BadRequest",
        field: [
          {
            name: "field_violations",
            number: 1,
            label: Label.REPEATED,
            type: Type.MESSAGE,
            typeName: ".google.rpc.BadRequest.FieldViolation",
          },
        ],
        nestedType: [{ name: "FieldViolation", field: [text("field", 1), text("description", 2), text("reason", 3)] }],
      },
    ],
  });
}
