import type { Prisma } from "../gen/prisma/sqlite/client";
import type { Database } from "./database";
import type { Store } from "./store-port";
import { decodeWorkflowVersion, decodeWorkflowVersionSummary } from "./workflow-rows";

/** Greatest number that the column of versions holds. */
const MAX_VERSION = 2 ** 31 - 1;

/** Definitions can be a megabyte: lists leave them where they are. */
const SUMMARY = { definition: true } satisfies Prisma.WorkflowVersionOmit;

const NEWEST_FIRST = { version: "desc" } satisfies Prisma.WorkflowVersionOrderByWithRelationInput;

export type WorkflowVersionStore = Pick<
  Store,
  "getWorkflowVersion" | "getNewestWorkflowVersion" | "listWorkflowVersions"
>;

export function createWorkflowVersionStore(database: Database): WorkflowVersionStore {
  return {
    getWorkflowVersion: async (workflowId, version) => {
      if (!Number.isInteger(version) || version < 1 || version > MAX_VERSION) return null;
      const where = { workflowId_version: { workflowId, version } };
      const row = await database.run((client) => client.workflowVersion.findUnique({ where }));
      return row === null ? null : decodeWorkflowVersion(row);
    },

    getNewestWorkflowVersion: async (workflowId, { definitionHash }) => {
      const where = { workflowId, ...(definitionHash !== undefined && { definitionHash }) };
      const row = await database.run((client) => client.workflowVersion.findFirst({ where, orderBy: NEWEST_FIRST }));
      return row === null ? null : decodeWorkflowVersion(row);
    },

    listWorkflowVersions: async (workflowId, { limit, offset }) => {
      const where = { workflowId };
      return database.run(async (client) => {
        const [rows, total] = await Promise.all([
          client.workflowVersion.findMany({ where, orderBy: NEWEST_FIRST, take: limit, skip: offset, omit: SUMMARY }),
          client.workflowVersion.count({ where }),
        ]);
        return { items: rows.map(decodeWorkflowVersionSummary), total };
      });
    },
  };
}
