import { randomUUID } from "node:crypto";
import { silentLogger } from "../../src/core/logger";
import { postgresAdapter } from "../../src/store/postgres-adapter";

/** Set by scripts/test-postgres.mjs: a server of which we may do with as we like. */
export const SERVER_URL = process.env["ACO_TEST_POSTGRES_URL"] ?? "";

/** Runs one statement on a database of the test server. */
export async function runSql(url: string, sql: string): Promise<readonly (readonly unknown[])[]> {
  const connection = await postgresAdapter(url, silentLogger).connect();
  try {
    return (await connection.queryRaw({ sql, args: [], argTypes: [] })).rows;
  } finally {
    await connection.dispose();
  }
}

/** A new, empty database on the test server. */
export async function createPostgresDatabase(): Promise<{ url: string; name: string; remove(): Promise<void> }> {
  const name = `test_${randomUUID().replaceAll("-", "")}`;
  await runSql(SERVER_URL, `CREATE DATABASE ${name}`);
  const url = new URL(SERVER_URL);
  url.pathname = `/${name}`;
  const remove = async () => {
    await runSql(SERVER_URL, `DROP DATABASE ${name} WITH (FORCE)`);
  };
  return { url: url.href, name, remove };
}
