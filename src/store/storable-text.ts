/**
 * Text as every database can keep it. PostgreSQL has no place for NUL, and a lone surrogate has no UTF-8: both become
 * U+FFFD, on SQLite too. Refusing them instead would lose the record of a run whose error message holds such a byte.
 */
export function storableText(text: string): string {
  return text.replace(/[\0\p{Surrogate}]/gu, "\uFFFD");
}
