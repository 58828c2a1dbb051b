import { parseWorkflowId, type WorkflowId } from "../core/ids";
import type { Problem, WorkflowSnapshot } from "../definition/graph-types";
import { namesIn, type Reference, workflowReferences } from "../definition/references";
import type { WorkflowRecord } from "../store/records";
import type { Store } from "../store/store-port";
import { type CalledById, type CalledWorkflow, CallSearch } from "./call-search";
import { MAX_CALL_DEPTH, MAX_CALLED_WORKFLOWS } from "./limits";
import { isRecordId } from "./record-ids";
import { parseStored } from "./stored-definitions";

type WorkflowLookup = Pick<Store, "getWorkflows">;

/** The workflows that a definition names, those that these name, and so on. */
export interface CalledWorkflows {
  /** By the names that stand in definitions. */
  readonly workflows: Readonly<Record<string, WorkflowSnapshot>>;
  /** Everything that keeps them from being run; pointers are into the definition that was asked about. */
  readonly problems: readonly Problem[];
}

interface Caller {
  /** Where its definition names workflows. */
  readonly references: readonly Reference[];
  /** Absent for a workflow that is not stored yet, and so is called by nobody. */
  readonly id?: WorkflowId;
}

/** Reads what is called, level by level, and finds what is missing, goes round in a circle, or is too deep. */
export async function findCalledWorkflows(store: WorkflowLookup, caller: Caller): Promise<CalledWorkflows> {
  const { references: roots } = caller;
  const [first] = roots;
  if (first === undefined) return { workflows: {}, problems: [] };
  const called = await loadCalled(store, roots);
  if (called.size > MAX_CALLED_WORKFLOWS) {
    const message = `a run takes at most ${MAX_CALLED_WORKFLOWS} other workflows, those that they run included`;
    return { workflows: {}, problems: [problem(first.pointer, message)] };
  }
  const search = new CallSearch(called, caller.id ?? "");
  const problems = roots.flatMap(({ id, pointer }) => {
    const message = search.problemOf(id);
    return message === undefined ? [] : [problem(pointer, message)];
  });
  return { workflows: problems.length > 0 ? {} : snapshotsOf(called, roots), problems };
}

function problem(pointer: string, message: string): Problem {
  return { code: "WORKFLOW_REFERENCE", pointer, message };
}

async function loadCalled(store: WorkflowLookup, roots: readonly Reference[]): Promise<CalledById> {
  const called = new Map<string, CalledWorkflow>();
  let wanted = idsOf(roots);
  // One level more than may be, so that what is too deep is told from what is not there.
  for (let depth = 0; depth <= MAX_CALL_DEPTH && wanted.length > 0; depth++) {
    // One more than may be tells that there are too many.
    const records = await store.getWorkflows(wanted.slice(0, MAX_CALLED_WORKFLOWS + 1 - called.size));
    for (const record of records) called.set(record.id, calledWorkflow(record));
    const named = records.flatMap(({ id }) => called.get(id)?.references ?? []);
    wanted = idsOf(named).filter((id) => !called.has(id));
  }
  return called;
}

function calledWorkflow(record: WorkflowRecord): CalledWorkflow {
  const parsed = parseStored(record);
  if (!parsed.ok) return { record, definition: undefined, references: [] };
  return { record, definition: parsed.value, references: workflowReferences(parsed.value) };
}

function idsOf(references: readonly Reference[]): readonly WorkflowId[] {
  return [...new Set(references.filter(({ id }) => isRecordId(id)).map(({ id }) => parseWorkflowId(id)))];
}

function snapshotsOf(called: CalledById, roots: readonly Reference[]): Readonly<Record<string, WorkflowSnapshot>> {
  const workflows: Record<string, WorkflowSnapshot> = {};
  for (const name of namesIn([...roots, ...[...called.values()].flatMap(({ references }) => references)])) {
    const { record, definition } = called.get(name.toLowerCase()) ?? {};
    if (record === undefined || definition === undefined) continue;
    workflows[name] = { name: record.name, version: record.version, definition, hash: record.definitionHash };
  }
  return workflows;
}
