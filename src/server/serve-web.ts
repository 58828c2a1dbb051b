import type { TemporalUi } from "../api/health-service";
import type { RunningApi } from "../api/start-api";
import type { RunningWeb, WebListen } from "../api/web/start-web";
import type { ServerConfig } from "../config";
import type { Logger } from "../core/logger";

/** Where Temporal's Web UI is: that of our own Temporal, or what the configuration says; undefined where nobody knows. */
export function temporalUiOf(config: ServerConfig, embedded: string | null): TemporalUi | undefined {
  const url = embedded ?? config.web.temporalUi;
  const namespace = config.embedded?.namespace ?? config.temporal.namespace;
  return url === undefined ? undefined : { url, namespace };
}

/** Where people find the web page: what the configuration says, since a proxy may stand before it; undefined where it is not served. */
export function webAddress(config: ServerConfig, web: RunningWeb | undefined): string | undefined {
  return web === undefined ? undefined : (config.web.origins[0] ?? web.url);
}

/** Serves the web page in front of an API of this process; undefined where it is switched off. */
export async function serveWeb(
  config: ServerConfig,
  parts: {
    readonly api: RunningApi;
    readonly webListen: WebListen | null;
    readonly temporalUi: TemporalUi | undefined;
    readonly logger: Logger;
    readonly version: string;
  },
): Promise<RunningWeb | undefined> {
  const { api, webListen, temporalUi, logger, version } = parts;
  if (webListen === null) return undefined;
  // Loaded where it is needed: most processes of a cluster serve no page.
  const { startWeb } = require("../api/web/start-web") as typeof import("../api/web/start-web");
  const settings = { version, temporalUi };
  return await startWeb({
    listen: webListen,
    origins: config.web.origins,
    connect: () => api.connect(),
    settings,
    logger,
  });
}
