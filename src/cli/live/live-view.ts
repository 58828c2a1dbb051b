import { processEnvironment } from "../../config";
import type { AnswerApprovalResponse, Approval, ListRetriesResponse } from "../../gen/proto/executions";
import { readAnswer } from "../approvals/approvals-actions";
import type { ClientSession } from "../connection/client-session";
import { isServiceError, STATUS } from "../connection/rpc-errors";
import { knownPlaces, temporalUiLink } from "../execution/execution-links";
import { followExecution } from "../follow/follow-execution";
import { isUtf8Locale } from "../output/locale";
import { ASCII_GLYPHS, type Glyphs, UNICODE_GLYPHS } from "./glyphs";
import type { ConnectionState } from "./header-lines";
import { LiveFold, type LiveModel, TASK_NODE } from "./live-fold";
import { layoutLive, nodeHeight } from "./live-layout";
import type { Watched } from "./live-record";
import { FIRST_UI, type LiveUi, pressKey, type Request, type Steering } from "./live-ui";
import { openLink } from "./open-link";
import { problemText } from "./problem-text";
import { type RetryState, type Row, rowsOf } from "./rows";
import type { Screen } from "./screen";
import { sendSteering } from "./send-request";

/** Ten looks a second whether there is something to draw; what only counts seconds is drawn at every third. */
const TICK_MS = 100;
const TICKS_PER_CLOCK = 3;
/** How often is asked for what the stream is silent about. */
const RETRIES_INTERVAL_MS = 1_000;

export interface LiveViewOptions {
  readonly session: ClientSession;
  readonly screen: Screen;
  readonly watched: Watched;
  readonly reconnectForMs: number;
  /** Leaving leads back to a list. */
  readonly isInside?: boolean;
}

/** Shows one execution on the whole screen, and does what keys ask for. */
export class LiveView {
  readonly #options: LiveViewOptions;
  readonly #fold = new LiveFold();
  readonly #glyphs: Glyphs;
  #model: LiveModel;
  #rows: readonly Row[] = [];
  #ui: LiveUi = FIRST_UI;
  #retries: ReadonlyMap<string, RetryState> = new Map();
  #connection: ConnectionState = { state: "connecting" };
  #frame = 0;
  #ticks = 0;
  #hasNews = true;
  #asksRetries = true;
  /** What is still under way then draws nothing any more: the screen is a list's again. */
  #hasLeft = false;
  #quit: () => void = () => undefined;

  constructor(options: LiveViewOptions) {
    this.#options = options;
    this.#model = this.#fold.model();
    this.#glyphs = isUtf8Locale(processEnvironment(), process.platform) ? UNICODE_GLYPHS : ASCII_GLYPHS;
  }

  /**
   * Shows it until somebody leaves, or `signal` aborts, and resolves to what is known then. Throws when the server refuses, or
   * stays away for too long.
   */
  async run(signal: AbortSignal): Promise<LiveModel> {
    const { screen, session, watched, reconnectForMs } = this.#options;
    const leaving = new AbortController();
    const left = new Promise<void>((resolve) => {
      this.#quit = resolve;
      // As when it was interrupted while the record was read.
      if (signal.aborted) resolve();
      signal.addEventListener("abort", () => resolve(), { once: true });
    });
    screen.onKey = (key) => this.#press(key);
    screen.onRedraw = () => this.#draw();
    const ticks = setInterval(() => this.#tick(), TICK_MS);
    const asking = setInterval(() => void this.#askRetries(), RETRIES_INTERVAL_MS);
    const following = followExecution(session.connection, {
      executionId: watched.record.executionId,
      reconnectForMs,
      // It has just given the record.
      isReached: true,
      signal: leaving.signal,
      onEvent: (event) => {
        this.#fold.add(event);
        this.#connection = { state: "connected" };
        this.#hasNews = true;
      },
      onConnectionLost: () => this.#connect({ state: "lost", sinceMs: Date.now() }),
      onReconnected: () => this.#connect({ state: "connected" }),
    });
    try {
      // The end of the stream is no reason to leave: there is much to look at.
      await Promise.race([left, following.then(() => left)]);
      return this.#fold.model();
    } finally {
      leaving.abort();
      this.#hasLeft = true;
      clearInterval(ticks);
      clearInterval(asking);
      screen.onKey = () => undefined;
      screen.onRedraw = () => undefined;
    }
  }

  #connect(connection: ConnectionState): void {
    this.#connection = connection;
    this.#hasNews = true;
  }

  #tick(): void {
    this.#ticks += 1;
    const isClock =
      this.#ticks % TICKS_PER_CLOCK === 0 && (this.#model.end === null || this.#connection.state === "lost");
    if (this.#hasNews || isClock) this.#draw();
  }

  #draw(): void {
    if (this.#hasLeft) return;
    if (this.#hasNews) this.#model = this.#fold.model();
    this.#hasNews = false;
    this.#frame += 1;
    const { screen, watched } = this.#options;
    this.#arrange();
    const source = {
      ...this.#source(),
      rows: this.#rows,
      ui: this.#ui,
      glyphs: this.#glyphs,
      isInside: this.#options.isInside === true,
    };
    const { lines, top, scroll } = layoutLive(
      { ...source, record: watched.record, connection: this.#connection },
      screen.size(),
      Date.now(),
      this.#frame,
    );
    this.#ui = { ...this.#ui, top, scroll };
    screen.draw(lines);
  }

  #source() {
    return { model: this.#model, skeleton: this.#options.watched.skeleton, retries: this.#retries };
  }

  #arrange(): void {
    this.#rows = rowsOf(this.#source(), this.#ui);
  }

  #press(key: string): void {
    const height = nodeHeight(this.#options.screen.size(), this.#rows.length);
    const { ui, request } = pressKey(this.#ui, key, { rows: this.#rows, model: this.#model, height });
    this.#ui = ui;
    if (request !== undefined) void this.#carryOut(request);
    this.#draw();
  }

  #say(notice: string): void {
    this.#ui = { ...this.#ui, notice };
    this.#draw();
  }

  async #carryOut(request: Request): Promise<void> {
    try {
      switch (request.type) {
        case "quit":
          this.#quit();
          return;
        case "suspend":
          this.#options.screen.suspend();
          return;
        case "open_ui":
          await this.#openUi();
          return;
        case "answer":
          await this.#answer(request.nodeId);
          return;
        default:
          await this.#steer(request);
      }
    } catch (error) {
      this.#say(problemText(error, this.#options.session.connection.url));
    }
  }

  async #steer(request: Steering): Promise<void> {
    const { session, watched } = this.#options;
    this.#say("asking ...");
    this.#say(await sendSteering(session, watched.record.executionId, request));
  }

  async #openUi(): Promise<void> {
    const { session, watched } = this.#options;
    const url = temporalUiLink(await knownPlaces(session.connection), watched.execution);
    if (url === null) return this.#say("the server does not know where Temporal's Web UI is");
    const isOpen = await openLink(url, processEnvironment(), process.platform);
    this.#say(isOpen ? `opened ${url}` : url);
  }

  /** In the ordinary terminal, with the questions of `aco approvals answer`. */
  async #answer(nodeId: string): Promise<void> {
    const { session, screen } = this.#options;
    const answer = await screen.lend(() => readAnswer(this.#approval(nodeId), {}));
    this.#say("sending ...");
    await session.connection.call<AnswerApprovalResponse>((...call) =>
      session.connection.executions.answerApproval(answer, ...call),
    );
    this.#say(`${answer.approved ? "approved" : "rejected"} ${nodeId}`);
  }

  /** As the inbox would tell of it, which hears of it a moment later. */
  #approval(nodeId: string): Approval {
    const { watched } = this.#options;
    const { approval } = this.#model.talk.get(nodeId) ?? {};
    const instance = this.#model.instances.find(({ id }) => id === nodeId);
    return {
      executionId: watched.record.executionId,
      workflowId: watched.execution.subjectId,
      workflowName: watched.record.name,
      nodeId,
      nodeName: nodeId,
      message: approval?.message ?? "",
      formSchema: approval?.formSchema,
      approvers: [...(approval?.approvers ?? [])],
      waitingSince: instance === undefined ? "" : new Date(instance.enteredAtMs).toISOString(),
      waitsUntil: undefined,
      onTimeout: 0,
      brief: approval === undefined,
    };
  }

  /** What is tried again, and when: the stream tells nothing of it before the last attempt has ended. */
  async #askRetries(): Promise<void> {
    const { session, watched } = this.#options;
    const isWorking = this.#model.instances.some(
      ({ status, waitsFor }) => status === "running" && waitsFor === undefined,
    );
    if (!this.#asksRetries || this.#model.end !== null || !isWorking || this.#connection.state !== "connected") return;
    this.#asksRetries = false;
    try {
      const { retries } = await session.connection.call<ListRetriesResponse>((...call) =>
        session.connection.executions.listRetries({ executionId: watched.record.executionId }, ...call),
      );
      this.#retries = new Map(retries.map((retry) => [retry.nodeId || TASK_NODE, retryState(retry)]));
      this.#hasNews = true;
      this.#asksRetries = true;
    } catch (error) {
      // An older server cannot tell; any other trouble is over sooner or later, and the stream says so.
      this.#asksRetries = !(isServiceError(error) && error.code === STATUS.unimplemented);
    }
  }
}

function retryState(retry: ListRetriesResponse["retries"][number]): RetryState {
  const { attempt, maxAttempts = null, nextAttemptAt, lastError = "" } = retry;
  return {
    attempt,
    maxAttempts,
    nextAtMs: nextAttemptAt === undefined ? null : Date.parse(nextAttemptAt),
    error: lastError,
  };
}
