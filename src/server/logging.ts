import { join } from "node:path";
import { pino } from "pino";
import type { LogLevel } from "../config";
import type { Logger } from "../core/logger";
import { RotatingLog } from "../temporal/embedded/rotating-log";
import { makeDataFolder } from "./data-folder";

/** Errors are logged with their stack and causes under either of the names that are in use. */
const serializers = { error: pino.stdSerializers.errWithCause, err: pino.stdSerializers.errWithCause };

/** JSON lines on standard error, for processes that something else watches. */
export function createLogger(level: LogLevel): Logger {
  return pino({ level, base: { pid: process.pid }, serializers }, pino.destination({ fd: 2, sync: true }));
}

/** A logger that writes to a file, and tells the person at the terminal what they should know. */
export interface DevLogger extends Logger {
  /** Where everything is written. */
  readonly path: string;
}

/** For `start-dev`: JSON lines in the data folder, bounded in size; warnings and errors also as one line through `tell`. */
export function createDevLogger(level: LogLevel, dataDir: string, tell: (line: string) => void): DevLogger {
  makeDataFolder(dataDir);
  const file = new RotatingLog(join(dataDir, "logs", "server.log"));
  const logger = pino({ level, base: { pid: process.pid }, serializers }, file);
  return {
    path: file.path,
    debug: (fields, message) => logger.debug(fields, message),
    info: (fields, message) => logger.info(fields, message),
    warn: (fields, message) => {
      logger.warn(fields, message);
      tell(message);
    },
    error: (fields, message) => {
      logger.error(fields, message);
      tell(`${message} (see ${file.path})`);
    },
  };
}
