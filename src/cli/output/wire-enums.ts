/** Numeric enums of generated code map both ways, as TypeScript has them. */
type WireEnum = Readonly<Record<string, string | number>>;

/** `RUNNING` for `TASK_STATUS_RUNNING`; a value of a later version of the contract shows as its number. */
export function enumName(wireEnum: WireEnum, value: number, prefix: string): string {
  const name = wireEnum[value];
  return typeof name === "string" ? name.slice(prefix.length) : String(value);
}

/** The value whose name, in any case, is given; undefined for an unknown one and for UNSPECIFIED. */
export function enumValue<T extends number>(wireEnum: WireEnum, name: string, prefix: string): T | undefined {
  const value = wireEnum[prefix + name.toUpperCase()];
  return typeof value === "number" && value > 0 ? (value as T) : undefined;
}
