import type { EndNotices } from "../core/end-notices";
import type { Logger } from "../core/logger";
import type { Store } from "../store/store-port";
import type { ReactionRuns } from "../temporal/reaction-runs";
import type { EventStreams, Runs } from "../temporal/runs-port";
import type { Schedules } from "../temporal/schedules-port";
import type { OpenStreams } from "./open-streams";
import type { CallbackSettings } from "./reactions/callback-settings";

/** What the methods of all services share. */
export interface ApiContext {
  readonly store: Store;
  readonly runs: Runs;
  readonly streams: EventStreams;
  readonly schedules: Schedules;
  readonly reactions: ReactionRuns;
  readonly callbacks: CallbackSettings;
  /** Undefined where no worker runs in this process. */
  readonly ends: EndNotices | undefined;
  readonly logger: Logger;
  /** Absolute path; tasks without a `workspace_path` get a folder in it. */
  readonly dataDir: string;
  /** The streams that are open now, to be told when the server stops. */
  readonly openStreams: OpenStreams;
}
