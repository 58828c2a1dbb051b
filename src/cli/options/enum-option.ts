import { usageError } from "../exit-codes";
import { enumValue } from "../output/wire-enums";

/** The enum value that an option names, in any case. Throws a usage error that lists what there is. */
export function parseEnumOption<T extends number>(
  option: string,
  given: string | undefined,
  wireEnum: Readonly<Record<string, string | number>>,
  prefix: string,
): T | undefined {
  if (given === undefined) return undefined;
  const value = enumValue<T>(wireEnum, given, prefix);
  if (value !== undefined) return value;
  const known = Object.keys(wireEnum)
    .filter((name) => name.startsWith(prefix) && !name.endsWith("UNSPECIFIED"))
    .map((name) => name.slice(prefix.length).toLowerCase());
  throw usageError(`${option} must be one of ${known.join(", ")}; got ${JSON.stringify(given)}`);
}

/** Several with commas; none where absent. */
export function parseEnumList<T extends number>(
  option: string,
  given: string | undefined,
  wireEnum: Readonly<Record<string, string | number>>,
  prefix: string,
): T[] {
  const names = given === undefined ? [] : given.split(",");
  return names.flatMap((name) => parseEnumOption<T>(option, name.trim(), wireEnum, prefix) ?? []);
}
