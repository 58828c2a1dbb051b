import fs from "node:fs";
import path from "node:path";
import { PrismaLibSql } from "@prisma/adapter-libsql";
import { type Client, openSqliteClient } from "./sqlite-client";

/** WAL lets readers go on while one writes; NORMAL then loses nothing that was committed when the process is killed. */
const PRAGMAS = "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON";

/** Makes the folder and an empty file that only their owner can read: records hold what tasks were given and gave. */
export function prepareSqliteFile(file: string): void {
  fs.mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  fs.closeSync(fs.openSync(file, "a", 0o600));
  // SQLite gives its -wal and -shm files the mode of this one.
  fs.chmodSync(file, 0o600);
}

/** Prisma's adapter for SQLite on exactly one connection, which `sqlite-client.ts` opens. */
export class SqliteAdapter extends PrismaLibSql {
  readonly #file: string;

  constructor(file: string) {
    // The URL only says that it is a file: `createClient` does not look at it, so any name of a file will do.
    super({ url: "file:" });
    this.#file = file;
  }

  override createClient(): Client {
    return openSqliteClient(this.#file);
  }

  override async connect(): ReturnType<PrismaLibSql["connect"]> {
    const connection = await super.connect();
    await connection.executeScript(PRAGMAS);
    return connection;
  }
}
