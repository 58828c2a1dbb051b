/**
 * The statements of a migration. Splits at every semicolon: `scripts/make-migration.mjs` refuses one inside a string or a
 * comment.
 */
export function splitStatements(script: string): readonly string[] {
  return script
    .split(";")
    .map((statement) => statement.trim())
    .filter((statement) => statement.replaceAll(/--.*$/gm, "").trim() !== "");
}
