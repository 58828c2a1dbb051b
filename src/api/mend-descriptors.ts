import type { DescriptorProto, FileDescriptorProto } from "@bufbuild/protobuf/wkt";

/**
 * Puts right, in place, where the descriptors of `@grpc/proto-loader` differ from those that `protoc` makes and that strict
 * clients (Go, Python, Buf) insist on: full names of types, names of fields in JSON, which fields are `optional`, and the
 * names of the hidden messages of map fields. Types of other packages must already have full names.
 */
export function mendFile(file: FileDescriptorProto): void {
  const scope = `.${file.package}`;
  for (const message of file.messageType) mendMessage(message, scope);
  for (const service of file.service) {
    for (const method of service.method) {
      method.inputType = fullName(method.inputType, scope);
      method.outputType = fullName(method.outputType, scope);
    }
  }
}

function mendMessage(message: DescriptorProto, packageScope: string): void {
  const messageScope = `${packageScope}.${message.name}`;
  const nested = new Set([...message.nestedType, ...message.enumType].map(({ name }) => name));
  const mapEntries = new Set(message.nestedType.filter(({ options }) => options?.mapEntry).map(({ name }) => name));
  for (const field of message.field) {
    field.jsonName = field.name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
    // The loader shows an optional field as a union of one.
    field.proto3Optional = message.oneofDecl[field.oneofIndex]?.name === `_${field.name}`;
    if (field.typeName === "") continue;
    const suffix = mapEntries.has(field.typeName) ? "Entry" : "";
    field.typeName = fullName(field.typeName, nested.has(field.typeName) ? messageScope : packageScope) + suffix;
  }
  for (const each of message.nestedType) {
    mendMessage(each, packageScope);
    // `descriptor.proto`: the entry of a field `some_map` is called `SomeMapEntry`; the loader calls it `SomeMap`.
    if (each.options?.mapEntry) each.name += "Entry";
  }
}

function fullName(name: string, scope: string): string {
  return name.startsWith(".") ? name : `${scope}.${name}`;
}
