import { randomUUID } from "node:crypto";
import { processEnvironment } from "../../config";
import type { AnswerApprovalResponse, Approval, Execution } from "../../gen/proto/executions";
import type { Schedule } from "../../gen/proto/schedules";
import { readAnswer } from "../approvals/approvals-actions";
import type { ClientSession } from "../connection/client-session";
import { isUtf8Locale } from "../output/locale";
import { browseHeight, layoutBrowse } from "./browse-layout";
import { type Names, readList, readNames } from "./browse-lists";
import {
  answeredList,
  type BrowseList,
  type BrowseRequest,
  type BrowseUi,
  FIRST_BROWSE_UI,
  pressBrowseKey,
  shownItems,
  type Tab,
} from "./browse-ui";
import { ASCII_GLYPHS, UNICODE_GLYPHS } from "./glyphs";
import { readWatched } from "./live-record";
import { LiveView } from "./live-view";
import { problemText } from "./problem-text";
import type { Screen } from "./screen";

/** How often the list is read again, and at how many of these the names in it. */
const RELOAD_MS = 2_000;
const RELOADS_PER_NAMES = 15;

/** Executions, approvals and schedules on the whole screen, until somebody leaves. */
export class BrowseView {
  readonly #session: ClientSession;
  readonly #screen: Screen;
  readonly #reconnectForMs: number;
  readonly #glyphs = isUtf8Locale(processEnvironment(), process.platform) ? UNICODE_GLYPHS : ASCII_GLYPHS;
  #ui: BrowseUi = FIRST_BROWSE_UI;
  #lists: Partial<Record<Tab, BrowseList>> = {};
  #approvals: ReadonlyMap<string, Approval> = new Map();
  #names: Names = new Map();
  #problem = "";
  #loadedAtMs = 0;
  #reloads = 0;
  /** Counts what was asked for, so that a late answer to an earlier question is dropped. */
  #asked = 0;
  #isWatching = false;
  #quit: () => void = () => undefined;

  constructor(session: ClientSession, screen: Screen, reconnectForMs: number) {
    this.#session = session;
    this.#screen = screen;
    this.#reconnectForMs = reconnectForMs;
  }

  /** Reads the first list. Throws grpc-js's `ServiceError`; the screen need not be open yet. */
  async load(): Promise<void> {
    const { connection } = this.#session;
    if (this.#reloads % RELOADS_PER_NAMES === 0) this.#names = await readNames(connection);
    this.#reloads += 1;
    this.#asked += 1;
    const asked = this.#asked;
    const { tab } = this.#ui;
    const { list, approvals } = await readList(connection, this.#ui, this.#names, Date.now());
    if (asked !== this.#asked) return;
    this.#lists = { ...this.#lists, [tab]: list };
    if (tab === "approvals") this.#approvals = approvals;
    this.#problem = "";
    this.#loadedAtMs = Date.now();
  }

  async run(signal: AbortSignal): Promise<void> {
    const left = new Promise<void>((resolve) => {
      this.#quit = resolve;
      signal.addEventListener("abort", () => resolve(), { once: true });
    });
    const reloading = setInterval(() => void this.#reload(), RELOAD_MS);
    this.#show(signal);
    await left;
    clearInterval(reloading);
    this.#screen.onKey = () => undefined;
    this.#screen.onRedraw = () => undefined;
  }

  #show(signal: AbortSignal): void {
    this.#isWatching = false;
    this.#screen.onKey = (key) => this.#press(key, signal);
    this.#screen.onRedraw = () => this.#draw();
    this.#draw();
  }

  async #reload(): Promise<void> {
    if (this.#isWatching) return;
    try {
      await this.load();
    } catch (error) {
      this.#problem = problemText(error, this.#session.connection.url);
    }
    this.#draw();
  }

  #list(): BrowseList | null {
    return answeredList(this.#ui, this.#lists[this.#ui.tab]);
  }

  #items() {
    const list = this.#list();
    return list === null ? [] : shownItems(this.#ui, list);
  }

  #draw(): void {
    if (this.#isWatching) return;
    const ui = this.#ui;
    const source = {
      ui,
      list: this.#list(),
      items: this.#items(),
      server: this.#session.connection.url,
      problem: this.#problem,
      loadedAtMs: this.#loadedAtMs,
      glyphs: this.#glyphs,
    };
    const { lines, top } = layoutBrowse(source, this.#screen.size(), Date.now());
    this.#ui = { ...ui, places: { ...ui.places, [ui.tab]: { ...ui.places[ui.tab], top } } };
    this.#screen.draw(lines);
  }

  #press(key: string, signal: AbortSignal): void {
    const height = browseHeight(this.#screen.size(), this.#problem !== "");
    const { ui, request } = pressBrowseKey(this.#ui, key, this.#items(), height);
    this.#ui = ui;
    if (request !== undefined) void this.#carryOut(request, signal);
    this.#draw();
  }

  #say(notice: string): void {
    this.#ui = { ...this.#ui, notice };
    this.#draw();
  }

  async #carryOut(request: BrowseRequest, signal: AbortSignal): Promise<void> {
    try {
      const done = await this.#done(request, signal);
      if (done === null) return;
      await this.#reload();
      if (done !== "") this.#say(done);
    } catch (error) {
      this.#say(problemText(error, this.#session.connection.url));
    }
  }

  /** What was done, for a person; null where nothing of the list can have changed. */
  async #done(request: BrowseRequest, signal: AbortSignal): Promise<string | null> {
    const { connection } = this.#session;
    const { executions, schedules } = connection;
    switch (request.type) {
      case "quit":
        this.#quit();
        return null;
      case "suspend":
        this.#screen.suspend();
        return null;
      case "reload":
        return "";
      case "open":
        await this.#watch(request.executionId, signal);
        return "";
      case "cancel":
        await connection.call<Execution>((...call) =>
          executions.cancelExecution({ id: request.executionId, reason: "from aco tui" }, ...call),
        );
        return "asked to stop";
      case "answer":
        return await this.#answer(request.item.id);
      case "pause":
        await connection.call<Schedule>((...call) => schedules.pauseSchedule({ id: request.scheduleId }, ...call));
        return `${request.scheduleId} is paused`;
      case "unpause":
        await connection.call<Schedule>((...call) => schedules.unpauseSchedule({ id: request.scheduleId }, ...call));
        return `${request.scheduleId} goes on`;
      case "trigger":
        await connection.call<Schedule>((...call) =>
          schedules.triggerSchedule({ id: request.scheduleId, requestId: randomUUID() }, ...call),
        );
        return `${request.scheduleId} starts an execution`;
    }
  }

  async #answer(itemId: string): Promise<string | null> {
    const approval = this.#approvals.get(itemId);
    if (approval === undefined) return null;
    const answer = await this.#screen.lend(() => readAnswer(approval, {}));
    const { connection } = this.#session;
    await connection.call<AnswerApprovalResponse>((...call) => connection.executions.answerApproval(answer, ...call));
    return `${answer.approved ? "approved" : "rejected"} ${approval.nodeId}`;
  }

  async #watch(executionId: string, signal: AbortSignal): Promise<void> {
    const watched = await readWatched(this.#session.connection, executionId);
    // While it was read Enter may have been pressed once more.
    if (this.#isWatching) return;
    this.#isWatching = true;
    const reconnectForMs = this.#reconnectForMs;
    const view = new LiveView({
      session: this.#session,
      screen: this.#screen,
      watched,
      reconnectForMs,
      isInside: true,
    });
    try {
      await view.run(signal);
    } finally {
      this.#show(signal);
    }
  }
}
