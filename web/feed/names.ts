import { signal } from "@preact/signals";
import { ExecutionKind } from "../../src/gen/connect/executions_pb";
import { CALL, tasks, workflows } from "../api/clients";

/** Names of workflows and titles of tasks, by id; ids that are not there yet are being asked for, or have none. */
export const names = signal<ReadonlyMap<string, string>>(new Map());
const asked = new Set<string>();

/** Asks once for the name of each. Never rejects: where there is none, the id stands for it. */
export function askNames(subjects: readonly { readonly kind: ExecutionKind; readonly subjectId: string }[]): void {
  for (const { kind, subjectId: id } of subjects) {
    if (asked.has(id) || id === "") continue;
    asked.add(id);
    const asking =
      kind === ExecutionKind.TASK
        ? tasks.getTask({ id }, CALL).then(({ title }) => title)
        : workflows.getWorkflow({ id }, CALL).then(({ name }) => name);
    asking.then(
      (name) => {
        if (name !== "") names.value = new Map(names.value).set(id, name);
      },
      () => undefined,
    );
  }
}
