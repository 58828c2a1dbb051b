import type { FileDescriptorProto } from "@bufbuild/protobuf/wkt";
import { describeProtos, descriptorOf } from "./describe-protos";

/** Field numbers in descriptor.proto, of which the paths of source locations are made. */
const FILE = { message: 4, enum: 5, service: 6 } as const;
const MESSAGE_FIELD = 2;
const ENUM_VALUE = 2;
const SERVICE_METHOD = 2;

/** Everything in a file that a comment is asked for: its name, and its path as source locations give it. */
function documentables(file: FileDescriptorProto): readonly (readonly [name: string, path: string])[] {
  const messages = file.messageType.flatMap((message, index) => [
    [message.name, [FILE.message, index]] as const,
    ...message.field.map(
      (field, at) => [`${message.name}.${field.name}`, [FILE.message, index, MESSAGE_FIELD, at]] as const,
    ),
  ]);
  const enums = file.enumType.flatMap((type, index) => [
    [type.name, [FILE.enum, index]] as const,
    ...type.value.map((value, at) => [`${type.name}.${value.name}`, [FILE.enum, index, ENUM_VALUE, at]] as const),
  ]);
  const services = file.service.flatMap((service, index) => [
    [service.name, [FILE.service, index]] as const,
    ...service.method.map(
      (method, at) => [`${service.name}.${method.name}`, [FILE.service, index, SERVICE_METHOD, at]] as const,
    ),
  ]);
  return [...messages, ...enums, ...services].map(([name, path]) => [name, path.join(".")]);
}

const protos = describeProtos();

test("there are the three contract files and ours", () => {
  expect([...protos.keys()].sort()).toEqual(
    expect.arrayContaining(["executions.proto", "health.proto", "tasks.proto", "workflows.proto"]),
  );
});

test.each([...protos.keys()])("everything in %s has a documentation comment above it", (name) => {
  const file = descriptorOf(name, protos);
  const locations = file.sourceCodeInfo?.location ?? [];
  const comments = new Map(locations.map(({ path, leadingComments }) => [path.join("."), leadingComments.trim()]));
  const things = documentables(file);
  const bare = things.filter(([, path]) => !comments.get(path)).map(([thing]) => thing);
  expect(things.length).toBeGreaterThan(0);
  expect(bare).toEqual([]);
});

test.each([...protos.keys()])("the comments of %s are sentences", (name) => {
  const locations = descriptorOf(name, protos).sourceCodeInfo?.location ?? [];
  const leading = locations.map(({ leadingComments }) => leadingComments.trim()).filter((comment) => comment !== "");
  expect(leading.filter((comment) => !/[.:]$/.test(comment))).toEqual([]);
});
