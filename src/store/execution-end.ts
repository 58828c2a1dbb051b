import { join, raw, type Sql, sqltag as sql } from "@prisma/client/runtime/client";
import { encodeEnded, encodeStarted } from "./execution-rows";
import { storableText } from "./storable-text";
import type { EndedExecution, StartedExecution } from "./store-port";

/** What changes in a row whose execution completes; there is no error then. */
const COMPLETED_COLUMNS = raw(
  "status = excluded.status, completed_at = excluded.completed_at, output = excluded.output, output_bytes = excluded.output_bytes",
);

/**
 * Ends an open execution that has completed, unless somebody reacts to the end of it or of its workflow. For SQLite, as the other
 * two: on PostgreSQL a reaction could be made while such a statement waits for its row.
 */
export function endUnheededQuery(execution: EndedExecution): Sql {
  const { status, completedAt, output, outputBytes } = encodeEnded(execution);
  return sql`UPDATE executions
    SET status = ${status}, completed_at = ${completedAt}, output = ${output}, output_bytes = ${outputBytes}
    WHERE id = ${execution.id} AND status IN ('PENDING', 'RUNNING')
      AND NOT EXISTS (SELECT 1 FROM reactions r WHERE r.scope_id IN (executions.id, executions.subject_id))`;
}

/** The same, also of an execution that is not known yet. Labels have rows of their own, and are not written. */
export function insertUnheededQuery(execution: EndedExecution, started: StartedExecution): Sql {
  const row = { ...encodeStarted(started), ...encodeEnded(execution) };
  return sql`INSERT INTO executions (${join(Object.keys(row).map((field) => raw(columnOf(field))))})
    SELECT ${join(Object.values(row))}
    WHERE NOT EXISTS (SELECT 1 FROM reactions r WHERE r.scope_id IN (${row.id}, ${row.subjectId}))
    ON CONFLICT (id) DO UPDATE SET ${COMPLETED_COLUMNS} WHERE executions.status IN ('PENDING', 'RUNNING')`;
}

/**
 * Ends the task with the execution that one of the others has just ended. Not where a client has set it back to PENDING while the
 * run was stopping, or where it has run again: these are later words. Of two executions the later one has the greater id, or where it was
 * started with an old key, the later start.
 */
export function endTaskQuery(
  { id, status, completedAt }: EndedExecution,
  { subjectId, startedAt }: StartedExecution,
): Sql {
  return sql`UPDATE tasks
    SET status = ${status}, started_at = CASE WHEN last_execution_id = ${id} THEN started_at ELSE ${startedAt} END,
      completed_at = ${completedAt}, error = NULL, last_execution_id = ${id}, updated_at = ${new Date()}
    WHERE id = ${storableText(subjectId)}
      AND CASE WHEN last_execution_id = ${id} THEN status = 'RUNNING'
        ELSE last_execution_id IS NULL OR last_execution_id < ${id} OR started_at <= ${startedAt} END
      AND EXISTS (SELECT 1 FROM executions e WHERE e.id = ${id} AND e.completed_at = ${completedAt})`;
}

/** As `@map` says of every field that has more than one word. */
function columnOf(field: string): string {
  return field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
