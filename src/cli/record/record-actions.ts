import type { CallOptions, ClientReadableStream, Metadata, ServiceError } from "@grpc/grpc-js";
import { withSession } from "../connection/client-session";
import type { Connection } from "../connection/connection";
import { execute } from "../follow/execute";
import type { ClientOptions, ExecuteOptions } from "../options/command-options";
import type { RecordKind } from "./record-commands";
import { deletedView } from "./records-view";

type Call = [metadata: Metadata, options: Partial<CallOptions>, done: (error: ServiceError | null) => void];

/** Deletes a record by its id, and prints that it is gone. */
export async function deleteRecord(
  id: string,
  options: ClientOptions,
  remove: (connection: Connection, ...call: Call) => unknown,
): Promise<void> {
  await withSession(options, async ({ connection, print }) => {
    await connection.call<void>((metadata, callOptions, done) =>
      remove(connection, metadata, callOptions, (error) => done(error, undefined)),
    );
    print(deletedView(id));
  });
}

/** Starts a record's execution with `open`, and follows it as the options say. */
export async function executeRecord(
  label: RecordKind,
  options: ClientOptions & ExecuteOptions,
  open: (connection: Connection, metadata: Metadata) => ClientReadableStream<unknown>,
): Promise<void> {
  await withSession(options, (session) =>
    execute(session, { label, options, open: (metadata) => open(session.connection, metadata) }),
  );
}
