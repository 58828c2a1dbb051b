import type { RequestCheck } from "../requests/request-check";

/** Translates between our string unions and one protobuf enum. */
export interface EnumCodec<Name extends string, Wire extends number> {
  encode(name: Name): Wire;
  /** Undefined for UNSPECIFIED and for numbers of a later version of the contract. */
  decode(wire: number): Name | undefined;
  /** Notes a violation, and gives undefined, where an enum that is present is UNSPECIFIED or unknown. */
  check(check: RequestCheck, field: string, wire: number | undefined): Name | undefined;
}

/** `wireByName` names each value once, so a union that grows does not compile until the wire follows. */
export function enumCodec<Name extends string, Wire extends number>(
  wireByName: Readonly<Record<Name, Wire>>,
): EnumCodec<Name, Wire> {
  const names = Object.keys(wireByName) as Name[];
  const decode = (wire: number): Name | undefined => names.find((name) => wireByName[name] === wire);
  return {
    encode: (name) => wireByName[name],
    decode,
    check: (check, field, wire) => {
      if (wire === undefined) return undefined;
      const name = decode(wire);
      if (name === undefined) {
        const known = names.map((each) => `${each} (${wireByName[each]})`).join(", ");
        check.add(field, `must be one of ${known}; got ${wire}`);
      }
      return name;
    },
  };
}
