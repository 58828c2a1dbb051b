import { empty, join, type Sql, sqltag as sql } from "@prisma/client/runtime/client";
import { assertNever } from "../core/assert-never";
import { storableText } from "./storable-text";
import type { EndedExecution, ExecutionFilter, ExecutionOrder, ExecutionPageRequest } from "./store-port";

/**
 * The SQL that finds executions, the same for SQLite and PostgreSQL. By hand, since Prisma's own queries can neither compare
 * (time, id) pairs, which is what a page in the middle of a hundred thousand rows needs to be found by an index, nor look
 * for a text that holds `_` or `%`. It finds ids; the rows are then read by Prisma.
 */

/** Rows `{id, at}`, in order; `at` is the time that the order goes by. One more than the page has, to know of the next. */
export function searchQuery(filter: ExecutionFilter, page: ExecutionPageRequest): Sql {
  const order = page.order ?? "CREATED_DESC";
  const { from, at, id, conditions } = sourceOf(filter, order);
  const { direction, beyond } = ORDERS[order];
  const cursor = page.after === undefined ? [] : [sql`(${at}, ${id}) ${beyond} (${page.after.at}, ${page.after.id})`];
  return sql`SELECT ${id} AS id, ${at} AS at FROM ${from}${where([...conditions, ...cursor])}
    ORDER BY ${at} ${direction}, ${id} ${direction} LIMIT ${page.limit + 1} OFFSET ${page.offset}`;
}

/** One row `{total}`: how many match, wherever the page begins. */
export function countQuery(filter: ExecutionFilter, order: ExecutionOrder): Sql {
  const { from, conditions } = sourceOf(filter, order);
  return sql`SELECT count(*) AS total FROM ${from}${where(conditions)}`;
}

export function where(conditions: readonly Sql[]): Sql {
  return conditions.length === 0 ? empty : sql` WHERE ${join([...conditions], " AND ")}`;
}

/** Any of some statuses. Several may be compared with each other only by the type of the column they stand beside. */
export function statusIn(statuses: readonly string[]): Sql {
  return statuses.length === 0 ? sql`1 = 0` : sql`e.status IN (${join([...statuses])})`;
}

const ORDERS: Readonly<Record<ExecutionOrder, { readonly direction: Sql; readonly beyond: Sql }>> = {
  CREATED_DESC: { direction: sql`DESC`, beyond: sql`<` },
  CREATED_ASC: { direction: sql`ASC`, beyond: sql`>` },
  COMPLETED_DESC: { direction: sql`DESC`, beyond: sql`<` },
  COMPLETED_ASC: { direction: sql`ASC`, beyond: sql`>` },
};

/** Where to look, the columns of the order there, and what must hold. */
interface Source {
  readonly from: Sql;
  readonly at: Sql;
  readonly id: Sql;
  readonly conditions: readonly Sql[];
}

function sourceOf(filter: ExecutionFilter, order: ExecutionOrder): Source {
  const labels = Object.entries(filter.labels ?? {}).map(([key, value]) => [storableText(key), storableText(value)]);
  const shared = conditionsOf(filter);
  // CROSS: SQLite then reads the narrow table, and of the wide one only what was found.
  const mentioning = sql`execution_errors r CROSS JOIN executions e`;
  switch (order) {
    case "COMPLETED_DESC":
    case "COMPLETED_ASC": {
      const conditions = [sql`e.completed_at IS NOT NULL`, ...shared, ...labels.map(hasLabel)];
      const from = filter.errorText === undefined ? sql`executions e` : mentioning;
      return { from, at: sql`e.completed_at`, id: sql`e.id`, conditions };
    }
    case "CREATED_DESC":
    case "CREATED_ASC": {
      if (filter.errorText !== undefined) {
        const conditions = [...shared, ...labels.map(hasLabel)];
        return { from: mentioning, at: sql`r.created_at`, id: sql`r.execution_id`, conditions };
      }
      const [first, ...others] = labels;
      const conditions = [...shared, ...others.map(hasLabel)];
      if (first === undefined) return { from: sql`executions e`, at: sql`e.created_at`, id: sql`e.id`, conditions };
      // The index of labels has those with one label in order. CROSS: SQLite then keeps to the order of the tables.
      return {
        from: sql`execution_labels l CROSS JOIN executions e`,
        at: sql`l.created_at`,
        id: sql`l.execution_id`,
        conditions: [sql`l.key = ${first[0]} AND l.value = ${first[1]} AND e.id = l.execution_id`, ...conditions],
      };
    }
    default:
      return assertNever(order, "order of executions");
  }
}

function hasLabel([key, value]: readonly (string | undefined)[]): Sql {
  return sql`EXISTS (SELECT 1 FROM execution_labels o WHERE o.execution_id = e.id AND o.key = ${key} AND o.value = ${value})`;
}

function conditionsOf(filter: ExecutionFilter): readonly Sql[] {
  const {
    kind,
    subjectId,
    scheduleId,
    statuses,
    startedAfter,
    startedBefore,
    completedAfter,
    completedBefore,
    errorText,
    nameText,
    ids,
  } = filter;
  return [
    ...(kind === undefined ? [] : [sql`e.kind IN (${kind})`]),
    ...(subjectId === undefined ? [] : [sql`e.subject_id = ${storableText(subjectId)}`]),
    ...(scheduleId === undefined ? [] : [sql`e.schedule_id = ${storableText(scheduleId)}`]),
    ...(statuses === undefined ? [] : [statusIn(statuses)]),
    // A record is created with the start of its run (`encodeStarted`), and this is the column that the indexes have.
    ...(startedAfter === undefined ? [] : [sql`e.created_at >= ${startedAfter}`]),
    ...(startedBefore === undefined ? [] : [sql`e.created_at < ${startedBefore}`]),
    ...(completedAfter === undefined ? [] : [sql`e.completed_at >= ${completedAfter}`]),
    // Whatever ended before a time was created before it: what an index by creation can begin with.
    ...(completedBefore === undefined
      ? []
      : [sql`e.completed_at < ${completedBefore} AND e.created_at < ${completedBefore}`]),
    ...(errorText === undefined ? [] : [mentions(errorText)]),
    ...(nameText === undefined ? [] : [isNamed(nameText)]),
    ...(ids === undefined ? [] : [idIn(ids)]),
  ];
}

/** SQLite takes 32,766 parameters, PostgreSQL twice that. */
function idIn(ids: readonly string[]): Sql {
  return ids.length === 0 ? sql`1 = 0` : sql`e.id IN (${join([...ids])})`;
}

/** For a source that has the errors. */
function mentions(text: string): Sql {
  return sql`r.text LIKE ${patternOf(text.toLowerCase())} ESCAPE '!' AND e.id = r.execution_id`;
}

/** SQLite's `lower` knows ASCII only, so other letters are found as they are written. */
function isNamed(text: string): Sql {
  const name = sql`e.display_name`;
  return sql`(${name} LIKE ${patternOf(text)} ESCAPE '!' OR lower(${name}) LIKE ${patternOf(text.toLowerCase())} ESCAPE '!')`;
}

function patternOf(text: string): string {
  return `%${storableText(text).replace(/[!%_]/g, "!$&")}%`;
}

/** Lets the error of an execution that has just ended be found. Does nothing where that end was not the one that counts. */
export function keepErrorQuery({ id, status, completedAt }: EndedExecution, text: string): Sql {
  return sql`INSERT INTO execution_errors (execution_id, created_at, text)
    SELECT e.id, e.created_at, ${text} FROM executions e
    WHERE e.id = ${id} AND ${statusIn([status])} AND e.completed_at = ${completedAt}
    ON CONFLICT DO NOTHING`;
}
