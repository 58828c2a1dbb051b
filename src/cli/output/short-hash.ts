/** As much of a definition's hash as tells versions apart for a person. */
const SHORT_HASH_DIGITS = 12;

export function shortHash(hash: string): string {
  return hash.slice(0, SHORT_HASH_DIGITS);
}
