import { type Command, Option } from "commander";
import type { ServerFlags } from "../../config";
import { withExamples } from "../options/command-options";
import { oneOf } from "../options/option-values";

export interface ServerOptions extends ServerFlags {
  readonly format?: string;
}

/** `aco server start-dev|start` */
export function registerServerCommand(program: Command): void {
  const server = program.command("server").description("run a server");
  registerStartDev(server);
  registerStart(server);
}

function registerStartDev(server: Command): void {
  const startDev = server
    .command("start-dev")
    .description(
      "run everything on this machine: Temporal with a database file, records in SQLite, API and worker. What runs when " +
        "it is stopped or killed goes on at the next start. TEMPORAL_ADDRESS names a Temporal to use instead of our own, " +
        "DATABASE_URL another database.",
    );
  withExamples(
    withListenOption(withProcessOptions(withEmbeddedOptions(startDev))),
    "aco server start-dev",
    "aco server start-dev --listen 127.0.0.1:0 --temporal-port 0 --ui-port 0 --data-dir ./data --format json",
    "aco server start-dev --listen '[::]:50051'    # for other machines too; there is no authentication",
  ).action((options: ServerOptions) => actions().startDev(options));
}

function registerStart(server: Command): void {
  const start = server
    .command("start")
    .description(
      "run the API alone, any number of them behind a load balancer. TEMPORAL_ADDRESS (and Temporal's other variables) " +
        "say where Temporal is, DATABASE_URL where the records are.",
    );
  withExamples(
    withListenOption(withProcessOptions(start)),
    "TEMPORAL_ADDRESS=temporal:7233 DATABASE_URL=postgresql://aco:secret@db/aco aco server start --listen 0.0.0.0:50051",
  ).action((options: ServerOptions) => actions().startApiServer(options));
}

function withEmbeddedOptions(command: Command): Command {
  return command
    .addOption(
      new Option("--temporal-port <port>", "of the embedded Temporal, 0 for any free one (ACO_TEMPORAL_PORT; 7233)"),
    )
    .addOption(new Option("--ui-port <port>", "of Temporal's Web UI, 0 for any free one (ACO_UI_PORT; 8233)"))
    .addOption(
      new Option(
        "--web-port <port>",
        "of our web page on 127.0.0.1, 0 for any free one (ACO_WEB_PORT; 8234, or any free one where it is taken)",
      ),
    )
    .addOption(new Option("--retention <duration>", "how long ended runs keep their history (ACO_RETENTION; 30d)"));
}

function withListenOption(command: Command): Command {
  return command
    .addOption(
      new Option(
        "--listen <host:port>",
        "where the API listens, port 0 for any free one (ACO_LISTEN; 127.0.0.1:50051)",
      ),
    )
    .addOption(
      new Option(
        "--webhook-listen <host:port>",
        "where webhooks are taken, port 0 for any free one (ACO_WEBHOOK_LISTEN; off)",
      ),
    )
    .addOption(
      new Option(
        "--web-listen <host:port>",
        "where the web page is served, or off (ACO_WEB_LISTEN; off, but --web-port of start-dev)",
      ),
    )
    .addOption(
      new Option("--web-origin <url>", "where people reach it through a proxy, several with commas (ACO_WEB_ORIGIN)"),
    )
    .addOption(new Option("--temporal-ui <url>", "of Temporal's Web UI, for links to it (ACO_TEMPORAL_UI)"))
    .addOption(new Option("--keep-for <duration>", "how long records of ended executions are kept (ACO_KEEP_FOR; off)"))
    .addOption(
      new Option(
        "--keep-last <n>",
        "records that are kept of each task and workflow all the same (ACO_KEEP_LAST; off)",
      ),
    );
}

/** Options of every process of ours. Values are checked by `config.ts`, with their variables. */
export function withProcessOptions(command: Command): Command {
  return withPlaceOptions(command)
    .addOption(
      new Option(
        "--callback-allow <networks>",
        "private networks to which callbacks may go, such as 10.0.0.0/8,::1 (ACO_CALLBACK_ALLOW; none)",
      ),
    )
    .addOption(
      oneOf(
        "--log-level <level>",
        ["trace", "debug", "info", "warn", "error", "silent"],
        (names) => `${names} (ACO_LOG_LEVEL; info)`,
      ),
    )
    .addOption(
      oneOf(
        "--format <format>",
        ["table", "json", "plain"],
        () => "json prints one line of JSON when ready (ACO_FORMAT)",
      ),
    );
}

/** All that says where a server would keep its data and listen. */
export function withServerOptions(command: Command): Command {
  return withListenOption(withEmbeddedOptions(withPlaceOptions(command)));
}

function withPlaceOptions(command: Command): Command {
  return command
    .addOption(
      new Option("--data-dir <dir>", "where data is kept (ACO_DATA_DIR; $XDG_DATA_HOME/aco or ~/.local/share/aco)"),
    )
    .addOption(
      new Option("--task-queue <name>", "Temporal's task queue, the same for API and workers (ACO_TASK_QUEUE; aco)"),
    );
}

/** Loaded when it is needed: Temporal and the database take half a second. */
function actions(): typeof import("./server-actions") {
  return require("./server-actions") as typeof import("./server-actions");
}
