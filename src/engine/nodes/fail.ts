import type { FailNode } from "../../definition/graph-types";
import { renderFailure } from "../failures";
import type { NodeBehaviour } from "./node-behaviour";

/** Fails with a code of the definition's own. */
export const failBehaviour: NodeBehaviour<FailNode> = {
  type: "fail",
  enter: ({ config: { code, message, details } }, context) => {
    const said = context.render(message, "/config/message");
    if (!said.ok) return { type: "fail", failure: renderFailure(said.error) };
    const text = typeof said.value === "string" ? said.value : JSON.stringify(said.value);
    if (details === undefined) return { type: "fail", failure: { code, message: text } };
    const rendered = context.render(details, "/config/details");
    if (!rendered.ok) return { type: "fail", failure: renderFailure(rendered.error) };
    return { type: "fail", failure: { code, message: text, details: rendered.value } };
  },
};
