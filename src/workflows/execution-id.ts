/**
 * A UUIDv7 (RFC 9562) of a time and the random bits of a UUIDv4: workflow code has both in a form that a replay gives again.
 */
export function executionIdAt(timeMs: number, uuid4: string): string {
  const time = timeMs.toString(16).padStart(12, "0");
  // After the time come the version and what stands after the version in a v4: 12 random bits, the variant, 62 random bits.
  return `${time.slice(0, 8)}-${time.slice(8)}-7${uuid4.slice(15)}`;
}
