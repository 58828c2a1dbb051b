import { ExecutionKind, RedriveAction, type RedriveNode, type RedrivePlan } from "../../gen/proto/executions";
import type { View } from "../output/output";
import { type Table, tabLines, tableLines } from "../output/table";
import { harmlessLine } from "../output/terminal-text";
import { enumName } from "../output/wire-enums";

/** A plan: a line for each node, and what else there is to know. */
export function redrivePlanView(plan: RedrivePlan): View {
  const table = tableOf(plan);
  return {
    table: (width) => [...tableLines(table, width), "", ...summary(plan)],
    plain: () => tabLines(table),
    json: () => planJson(plan),
  };
}

/** For a person who is about to be asked. */
export function redrivePlanLines(plan: RedrivePlan, width: number): readonly string[] {
  return redrivePlanView(plan).table(width);
}

function tableOf({ nodes }: RedrivePlan): Table {
  const rows = nodes.map((node) => [
    node.nodeId,
    node.nodeType,
    actionText(node.action).replaceAll("_", " "),
    instancesText(node),
    node.repeatsSideEffects ? "repeated" : "",
    node.reason,
  ]);
  return { headings: ["NODE", "TYPE", "ACTION", "INSTANCES", "EFFECTS", "WHY"], rows, flexible: 5, dispensable: [1] };
}

function actionText(action: RedriveAction): string {
  return enumName(RedriveAction, action, "REDRIVE_ACTION_").toLowerCase();
}

/** Instances that a table names; `--format json` names more. */
const MAX_NAMED = 3;

/** Only where there is more to say than of a node that runs once. */
function instancesText({ nodeId, reused, again }: RedriveNode): string {
  if (reused + again.length <= 1 && (again[0] ?? nodeId) === nodeId) return "";
  const named = again.slice(0, MAX_NAMED).join(" ");
  const more = again.length > MAX_NAMED ? ` and ${again.length - MAX_NAMED} more` : "";
  const parts = [reused === 0 ? "" : `${reused} reused`, again.length === 0 ? "" : `again: ${named}${more}`];
  return parts.filter(Boolean).join(", ");
}

function summary({ nodes, warnings, kind, workflowVersion }: RedrivePlan): readonly string[] {
  const count = (...actions: RedriveAction[]) => nodes.filter(({ action }) => actions.includes(action)).length;
  const effects = nodes.filter(({ repeatsSideEffects }) => repeatsSideEffects);
  // Of a map or loop that goes on: some of its instances are reused.
  const goOn = nodes.filter(({ action, reused }) => action === RedriveAction.REDRIVE_ACTION_RUNS && reused > 0).length;
  const {
    REDRIVE_ACTION_REUSED: reused,
    REDRIVE_ACTION_INJECTED: injected,
    REDRIVE_ACTION_RUNS_AGAIN: again,
  } = RedriveAction;
  const rest = count(RedriveAction.REDRIVE_ACTION_RUNS, RedriveAction.REDRIVE_ACTION_NEW) - goOn;
  const given = count(injected) === 0 ? "" : `, ${count(injected)} given`;
  const more = goOn === 0 ? "" : `, ${goOn} more often`;
  const version =
    kind === ExecutionKind.EXECUTION_KIND_WORKFLOW && workflowVersion ? `version ${workflowVersion}: ` : "";
  return [
    `${version}${several(count(reused), "node")} reused${given}, ${runText(count(again))} again, ${runText(rest)} for the first time${more}`,
    ...(effects.length === 0
      ? []
      : [`side effects happen once more: ${effects.map(({ nodeId }) => harmlessLine(nodeId)).join(", ")}`]),
    ...warnings.map((warning) => `note: ${harmlessLine(warning)}`),
  ];
}

function several(count: number, one: string): string {
  return `${count} ${one}${count === 1 ? "" : "s"}`;
}

function runText(count: number): string {
  return count === 1 ? "1 runs" : `${count} run`;
}

function planJson(plan: RedrivePlan): Record<string, unknown> {
  return {
    execution_id: plan.executionId,
    kind: enumName(ExecutionKind, plan.kind, "EXECUTION_KIND_").toLowerCase(),
    running: plan.running,
    ...(plan.workflowVersion === undefined ? {} : { workflow_version: plan.workflowVersion }),
    nodes: plan.nodes.map((node) => ({
      node_id: node.nodeId,
      node_type: node.nodeType,
      action: actionText(node.action),
      reused: node.reused,
      again: node.again,
      repeats_side_effects: node.repeatsSideEffects,
      reason: node.reason,
    })),
    reused_bytes: plan.reusedBytes,
    warnings: plan.warnings,
    plan_token: plan.planToken,
  };
}
