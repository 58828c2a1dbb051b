import type {
  GetWorkflowVersionRequest,
  ListWorkflowVersionsResponse,
  WorkflowVersion,
} from "../../gen/proto/executions";
import { type ClientSession, withSession } from "../connection/client-session";
import { usageError } from "../exit-codes";
import type { ClientOptions } from "../options/command-options";
import { versionsView } from "../record/records-view";
import { diffView } from "./version-diff";
import type { ListVersionsOptions } from "./versions-command";

export async function listVersions(workflowId: string, options: ListVersionsOptions): Promise<void> {
  const { limit, offset } = options;
  await withSession(options, async ({ connection, print }) => {
    const page = await connection.call<ListWorkflowVersionsResponse>((...call) =>
      connection.executions.listWorkflowVersions({ workflowId, limit, offset }, ...call),
    );
    print(versionsView(page));
  });
}

export async function diffVersions(
  workflowId: string,
  versions: { readonly from: string; readonly to: string | undefined },
  options: ClientOptions,
): Promise<void> {
  const from = { workflowId, ...parseVersion("from", versions.from) };
  const to = { workflowId, ...(versions.to === undefined ? {} : parseVersion("to", versions.to)) };
  await withSession(options, async (session) => {
    const [older, newer] = [await getVersion(session, from), await getVersion(session, to)];
    session.print(diffView(older, newer, session.config.color));
  });
}

function getVersion({ connection }: ClientSession, request: GetWorkflowVersionRequest): Promise<WorkflowVersion> {
  return connection.call((...call) => connection.executions.getWorkflowVersion(request, ...call));
}

/** A number, or a hash. Throws a usage error. */
function parseVersion(argument: string, text: string): Pick<GetWorkflowVersionRequest, "version" | "definitionHash"> {
  if (/^[0-9a-f]{64}$/i.test(text)) return { definitionHash: text };
  const version = Number(text);
  if (/^\d+$/.test(text) && version >= 1 && version <= 2_147_483_647) return { version };
  throw usageError(
    `<${argument}> must be a version's number, from 1, or the 64 digits of its hash; got ${JSON.stringify(text)}`,
    "`aco workflow versions ID` lists them.",
  );
}
