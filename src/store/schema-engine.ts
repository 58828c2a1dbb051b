import fs from "node:fs";
import path from "node:path";
import type { SqlDriverAdapter, SqlMigrationAwareDriverAdapterFactory } from "@prisma/driver-adapter-utils";
import { bindMigrationAwareSqlAdapterFactory } from "@prisma/driver-adapter-utils";
import type { SchemaEngine } from "@prisma/schema-engine-wasm/schema_engine_bg";

/** TypeScript declares WebAssembly for browsers only. */
interface WebAssemblyNamespace {
  instantiate(
    code: Uint8Array,
    imports: Readonly<Record<string, object>>,
  ): Promise<{ readonly instance: { readonly exports: { __wbindgen_start(): void } } }>;
}

/** What wasm-bindgen generates beside the typed interface. */
interface WasmBindings {
  readonly SchemaEngine: typeof SchemaEngine;
  __wbg_set_wasm(exports: object): void;
}

/** Instantiated once: the bindings are one set of globals, so a second instance would be used with the first one's memory. */
let loading: Promise<WasmBindings> | undefined;

/**
 * Prisma's schema engine on one open connection, which it neither opens nor closes. `datamodel` needs no more than the
 * datasource. The caller frees the engine.
 */
export async function openSchemaEngine(datamodel: string, connection: SqlDriverAdapter): Promise<SchemaEngine> {
  loading ??= loadBindings();
  const bindings = await loading;
  return bindings.SchemaEngine.new(
    { datamodels: [["schema.prisma", datamodel]] },
    () => undefined,
    bindMigrationAwareSqlAdapterFactory(factoryOf(connection)),
  );
}

/** The package is made for bundlers that import .wasm files; Node instantiates it by hand. */
async function loadBindings(): Promise<WasmBindings> {
  const name = "@prisma/schema-engine-wasm/schema_engine_bg";
  const bindings = require(name) as WasmBindings;
  const { WebAssembly } = globalThis as unknown as { readonly WebAssembly: WebAssemblyNamespace };
  const wasm = fs.readFileSync(path.join(path.dirname(require.resolve(name)), "schema_engine_bg.wasm"));
  const { instance } = await WebAssembly.instantiate(wasm, { "./schema_engine_bg.js": withIdleTimers(bindings) });
  bindings.__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start();
  return bindings;
}

/**
 * On PostgreSQL the engine sets a timer of 10 s beside its advisory lock and never clears it, which would keep a process
 * that has nothing left to do from ending.
 */
function withIdleTimers(bindings: object): object {
  const functions = Object.entries(bindings).map(([name, value]: [string, unknown]) => {
    if (!name.startsWith("__wbg_setTimeout_")) return [name, value] as const;
    const setTimer = value as (callback: unknown, delayMs: number) => NodeJS.Timeout;
    return [name, (callback: unknown, delayMs: number) => setTimer(callback, delayMs).unref()] as const;
  });
  return Object.fromEntries(functions);
}

function factoryOf(connection: SqlDriverAdapter): SqlMigrationAwareDriverAdapterFactory {
  const borrowed: SqlDriverAdapter = {
    provider: connection.provider,
    adapterName: connection.adapterName,
    queryRaw: (query) => connection.queryRaw(query),
    // A whole migration comes as one query, of which SQLite's driver would run the first statement and say nothing.
    executeRaw: async (query) => {
      if (query.args.length > 0) return connection.executeRaw(query);
      await connection.executeScript(query.sql);
      return 0;
    },
    executeScript: (script) => connection.executeScript(script),
    startTransaction: (isolationLevel) => connection.startTransaction(isolationLevel),
    getConnectionInfo: () => connection.getConnectionInfo?.() ?? { supportsRelationJoins: false },
    dispose: async () => undefined,
  };
  return {
    provider: connection.provider,
    adapterName: connection.adapterName,
    connect: async () => borrowed,
    connectToShadowDb: () => Promise.reject(new Error("migrations are applied without a shadow database")),
  };
}
