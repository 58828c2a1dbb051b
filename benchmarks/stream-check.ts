import { type Event, EventType } from "../src/gen/proto/executions";

/** Follows a stream and throws where it has a gap: every instance of a node is entered once, ends once, and offsets grow. */
export class StreamCheck {
  readonly #entered = new Set<string>();
  readonly #completed = new Set<string>();
  readonly #expected: number;
  #last = "";
  #events = 0;

  /** `expected`: instances that must end. */
  constructor(expected: number) {
    this.#expected = expected;
  }

  get events(): number {
    return this.#events;
  }

  take({ offset, eventType, nodeId = "", data, error }: Event): void {
    this.#events += 1;
    if (offset <= this.#last) throw new Error(`the offset ${offset} came after ${this.#last}`);
    this.#last = offset;
    if (eventType === EventType.EVENT_TYPE_NODE_ENTERED) once(this.#entered, nodeId, "entered");
    if (eventType === EventType.EVENT_TYPE_NODE_COMPLETED) {
      once(this.#completed, nodeId, "completed");
      if (!this.#entered.has(nodeId)) throw new Error(`${nodeId} completed without having been entered`);
    }
    if (eventType === EventType.EVENT_TYPE_FAILED) throw new Error(`the execution failed: ${error} ${data}`);
  }

  /** After the last event. */
  end(): void {
    for (const [what, { size }] of [
      ["entered", this.#entered],
      ["completed", this.#completed],
    ] as const)
      if (size !== this.#expected) throw new Error(`${size} instances were ${what}, not ${this.#expected}`);
  }
}

function once(seen: Set<string>, nodeId: string, what: string): void {
  if (seen.has(nodeId)) throw new Error(`${nodeId} was ${what} twice`);
  seen.add(nodeId);
}
