/** Ends a switch over a union: does not compile when a case is missing, throws when one gets here at run time. */
export function assertNever(value: never, what: string): never {
  throw new Error(`unexpected ${what}: ${JSON.stringify(value)}`);
}
