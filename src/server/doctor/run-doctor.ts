import { isConfigError, readServerConfig, type ServerConfig, type ServerFlags } from "../../config";
import { folderHolder } from "../data-folder-lock";
import { type Check, fail, ok } from "./check";
import { checkDatabase } from "./check-database";
import { checkDataFolder, checkNode, checkPorts, checkShell, checkTemporalCli } from "./check-machine";
import { checkTemporal } from "./check-temporal";

/** What is known of this machine before a server is asked. */
export interface MachineReport {
  readonly checks: readonly Check[];
  /** `host:port` of the API of the `start-dev` that has the data folder. */
  readonly grpc: string | undefined;
}

/** All that a server or worker with these settings would meet. Changes nothing, and needs no server. */
export async function examineMachine(flags: ServerFlags, version: string): Promise<MachineReport> {
  const machine = [ok("aco", `aco ${version}`), checkNode(), checkShell()];
  const config = readConfig(flags);
  if ("problems" in config) {
    const fix = "Correct the flag or the variable that it names; docs/deployment.md has all of them.";
    return { checks: [...machine, ...config.problems.map((problem) => fail("config", problem, fix))], grpc: undefined };
  }
  const holder = folderHolder(config.dataDir);
  const groups = await Promise.all([
    checkDataFolder(config.dataDir),
    checkPorts(config, holder !== undefined),
    config.embedded === null ? [] : checkTemporalCli(config.embedded).then((check) => [check]),
    checkTemporal(temporalOf(config), config.taskQueue, config.embedded !== null),
    checkDatabase(config.databaseUrl),
  ]);
  const held = holder === undefined ? [] : [ok("data.holder", `in use by process ${holder.pid}, a server of ours`)];
  return { checks: [...machine, ...groups.flat(), ...held], grpc: holder?.grpc };
}

function readConfig(flags: ServerFlags): ServerConfig | { readonly problems: readonly string[] } {
  try {
    return readServerConfig(flags);
  } catch (error) {
    if (isConfigError(error)) return error;
    throw error;
  }
}

function temporalOf({ embedded, temporal }: ServerConfig): ServerConfig["temporal"] {
  if (embedded === null) return temporal;
  return { address: `127.0.0.1:${embedded.port === 0 ? 7233 : embedded.port}`, namespace: embedded.namespace };
}
