import type { Failure } from "../core/errors";
import type { EngineState } from "../engine/engine";
import type { MessageInput, RefusalCode } from "../engine/engine-types";
import { waitingText } from "../events/slot-word";
import type { SlotView } from "./concurrency-slot";
import type { GraphRunInput } from "./history-contract";
import type { QueuedInput } from "./input-queue";
import type { OutsideInput } from "./message-inputs";
import { sharedEngine } from "./shared-engine";

type Turn = NonNullable<SlotView["waitsForTurn"]>;

/**
 * What a run that waits for its turn says to people. A message is kept for the engine, which judges it as if the run had just begun.
 * For anything else there is nothing yet that it could be about: it is refused at once, rather than left waiting for hours.
 */
export class BeforeTurn {
  readonly #run: GraphRunInput;
  #begun: EngineState | undefined;

  constructor(run: GraphRunInput) {
    this.#run = run;
  }

  /** `waiting`: what has been kept so far. */
  refusal(turn: Turn, { input }: Pick<OutsideInput, "input">, waiting: readonly QueuedInput[]): Failure | null {
    if (input.type !== "message") return notBegun(turn, input.type);
    const inbox = waiting.flatMap((item) => (item.input.type === "message" ? [item.input] : []));
    return sharedEngine().refusal({ ...this.#state(), inbox }, input satisfies MessageInput);
  }

  #state(): EngineState {
    const { snapshot, input, executionId } = this.#run;
    this.#begun ??= sharedEngine().start(snapshot, input, { id: executionId }, Date.now()).state;
    return this.#begun;
  }
}

function notBegun({ holder, ahead }: Turn, type: "answer" | "steer"): Failure {
  const code: RefusalCode = type === "answer" ? "APPROVAL_UNKNOWN" : "STATE_UNFIT";
  const message = `it has not begun: it ${waitingText(holder, ahead)}. Until then it can be cancelled, and take messages`;
  return { code, message };
}
