import type { SignalNode } from "../../definition/graph-types";
import { type Deadline, deadline, deadlineText } from "./deadline";
import type { NodeBehaviour } from "./node-behaviour";

const TIMER = "timeout";

/** Takes a message of its name from the run's inbox, or waits until one comes that its schema admits. */
export const signalBehaviour: NodeBehaviour<SignalNode> = {
  type: "signal",
  enter: ({ config }, context) => {
    const message = context.takeMessage(config.name, config.schema);
    if (message !== undefined) return { type: "complete", output: message.payload };
    const { progress, effects } = deadline(TIMER, config.timeout, context.nowMs);
    return { type: "wait", progress, effects, input: { name: config.name, ...deadlineText(progress) } };
  },
  resume: ({ config }, context, progress, event) => {
    if (event.type === "timer_fired" && event.name === TIMER) {
      const message = `no message '${config.name}' came within ${config.timeout}`;
      return { type: "fail", failure: { code: "SIGNAL_TIMEOUT", message, details: { name: config.name } } };
    }
    const taken = event.type === "message" ? context.takeMessage(config.name, config.schema) : undefined;
    return taken === undefined ? { type: "wait", progress } : { type: "complete", output: taken.payload };
  },
  waiting: ({ config }, progress) => ({ for: "message", name: config.name, ...(progress as Deadline) }),
};
