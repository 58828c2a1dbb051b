import { parseWorkflowId } from "../../core/ids";
import type { JsonObject } from "../../core/json";
import type { WorkflowVersion } from "../../gen/proto/executions";
import type { WorkflowVersionRecord } from "../../store/records";
import { decodeTimestamp, encodeTimestamp } from "./timestamps";

/** A definition that was not loaded is absent on the wire, as in lists. */
export function encodeWorkflowVersion(record: WorkflowVersionRecord): WorkflowVersion {
  return {
    workflowId: record.workflowId,
    version: record.version,
    definitionHash: record.definitionHash,
    createdAt: encodeTimestamp(record.createdAt),
    definition: record.definition === undefined ? undefined : JSON.stringify(record.definition),
  };
}

/** The inverse of `encodeWorkflowVersion`. */
export function decodeWorkflowVersion(version: WorkflowVersion): WorkflowVersionRecord {
  return {
    workflowId: parseWorkflowId(version.workflowId),
    version: version.version,
    definitionHash: version.definitionHash,
    createdAt: decodeTimestamp(version.createdAt),
    ...(version.definition === undefined ? {} : { definition: JSON.parse(version.definition) as JsonObject }),
  };
}
