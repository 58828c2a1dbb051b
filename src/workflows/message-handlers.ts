import { ApplicationFailure } from "@temporalio/common";
import { defineSignal, defineUpdate, setHandler } from "@temporalio/workflow";
import type { Failure } from "../core/errors";
import { isJsonObject } from "../core/json";
import type { Result } from "../core/result";
import { ANSWER_UPDATE, MESSAGE_SIGNAL, SEND_MESSAGE_UPDATE, STEER_UPDATE } from "./history-contract";
import { type OutsideInput, parseAnswer, parseMessage, parseSteering } from "./message-inputs";
import { wellFormed } from "./well-formed";

/** Where messages and answers go. */
export interface MessageReceiver {
  /** Why it would not be taken as things stand; null also where nobody can tell yet. */
  refusal(message: OutsideInput): Failure | null;
  /** Resolves once the run has it: with null, or with why it did not take it. */
  deliver(message: OutsideInput): Promise<Failure | null>;
}

const messageSignal = defineSignal<[unknown]>(MESSAGE_SIGNAL);
const sendMessageUpdate = defineUpdate<string | undefined, [unknown]>(SEND_MESSAGE_UPDATE);
const steerUpdate = defineUpdate<string | undefined, [unknown]>(STEER_UPDATE);
const answerUpdate = defineUpdate<string | undefined, [unknown]>(ANSWER_UPDATE);

type Parse = (argument: unknown) => Result<OutsideInput, Failure>;

/** Listens to people. What is refused by a validator leaves nothing in history; what is refused later, its refusal. */
export function listenToMessages(receiver: MessageReceiver): void {
  setHandler(messageSignal, (argument) => {
    const message = parseMessage(argument);
    // Nobody hears what becomes of a signal.
    if (message.ok) void receiver.deliver(message.value);
  });
  const take = (parse: Parse) => async (argument: unknown) => {
    const message = parse(argument);
    const refusal = message.ok ? await receiver.deliver(message.value) : message.error;
    if (refusal !== null) throw refused(refusal);
    return hashIn(argument);
  };
  const validator = (parse: Parse) => (argument: unknown) => {
    const message = parse(argument);
    const refusal = message.ok ? receiver.refusal(message.value) : message.error;
    if (refusal !== null) throw refused(refusal);
  };
  setHandler(sendMessageUpdate, take(parseMessage), { validator: validator(parseMessage) });
  setHandler(answerUpdate, take(parseAnswer), { validator: validator(parseAnswer) });
  setHandler(steerUpdate, take(parseSteering), { validator: validator(parseSteering) });
}

/** Absent in what an older API, or another client, sent. */
function hashIn(argument: unknown): string | undefined {
  const hash = isJsonObject(argument) ? argument["requestHash"] : undefined;
  return typeof hash === "string" ? hash : undefined;
}

function refused({ code, message, details }: Failure): ApplicationFailure {
  return ApplicationFailure.create({
    type: code,
    message: wellFormed(message),
    nonRetryable: true,
    ...(details === undefined ? {} : { details: [details] }),
  });
}
