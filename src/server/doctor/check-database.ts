import { examineDatabase } from "../../store/examine-database";
import { type Check, fail, ok, reasonOf, warn } from "./check";

/** Whether the records can be reached, are at the newest migration, and can be written. Changes nothing. */
export async function checkDatabase(databaseUrl: string): Promise<readonly Check[]> {
  const where = "Correct DATABASE_URL, start the database, or unset it for SQLite in the data folder.";
  try {
    const { place, exists, pending, unknown, isWritable } = await examineDatabase(databaseUrl);
    if (!exists) return [ok("database", `${place} does not exist yet; the first start makes it`)];
    return [ok("database", `${place} answers`), migrationCheck(pending, unknown), writeCheck(place, isWritable)];
  } catch (error) {
    return [fail("database", reasonOf(error), where)];
  }
}

function migrationCheck(pending: readonly string[], unknown: readonly string[]): Check {
  const id = "database.migrations";
  if (unknown.length > 0)
    return warn(id, `a later version has migrated it (${unknown.join(", ")})`, "Update this aco to that version.");
  if (pending.length > 0)
    return warn(
      id,
      `${pending.join(", ")} to be applied`,
      "The next start of a server or worker does it; back it up first.",
    );
  return ok(id, "up to date");
}

function writeCheck(place: string, isWritable: boolean): Check {
  const id = "database.writable";
  if (isWritable) return ok(id, "yes");
  return fail(
    id,
    `${place} is read-only for this user`,
    "Give the user the right to write, or name the primary server.",
  );
}
