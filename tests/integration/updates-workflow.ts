import { ApplicationFailure } from "@temporalio/common";
import { condition, continueAsNew, defineUpdate, setHandler } from "@temporalio/workflow";
import type { JsonValue } from "../../src/core/json";
import {
  ANSWER_UPDATE,
  type AnswerApprovalInput,
  SEND_MESSAGE_UPDATE,
  type SendMessageInput,
} from "../../src/workflows/history-contract";

/** Takes messages and answers, refuses what it is told to, goes on anew at `again` and ends at `stop`. */
export async function takeUpdates(taken: readonly JsonValue[]): Promise<readonly JsonValue[]> {
  const all = [...taken];
  let end: "again" | "stop" | undefined;
  setHandler(
    defineUpdate<void, [SendMessageInput]>(SEND_MESSAGE_UPDATE),
    ({ name, payload }) => {
      all.push(payload);
      if (name === "again" || name === "stop") end = name;
    },
    {
      validator: ({ name }) => {
        if (name === "wrong")
          throw refused("INPUT_INVALID", { problems: [{ pointer: "/n", message: "must be integer" }] });
      },
    },
  );
  setHandler(
    defineUpdate<void, [AnswerApprovalInput]>(ANSWER_UPDATE),
    ({ nodeId, approved, by }) => {
      all.push({ nodeId, approved, by: by ?? null });
    },
    {
      validator: ({ nodeId }) => {
        if (nodeId !== "release") throw refused("APPROVAL_UNKNOWN", { waiting: ["release"] });
      },
    },
  );
  await condition(() => end !== undefined);
  if (end === "again") return await continueAsNew<typeof takeUpdates>(all);
  return all;
}

function refused(type: string, detail: JsonValue): ApplicationFailure {
  return ApplicationFailure.create({ type, message: `refused as ${type}`, nonRetryable: true, details: [detail] });
}
