import { parseDuration } from "../../core/duration";
import type { Failure } from "../../core/errors";
import { err, ok, type Result } from "../../core/result";
import type { Cache, TaskNode } from "../../definition/graph-types";
import { overrideTaskOptions } from "../../definition/retry-and-timeout";
import type { RunTaskCommand } from "../engine-types";
import { renderFailure } from "../failures";
import { MAX_CACHE_KEY_LENGTH } from "../limits";
import type { NodeBehaviour, NodeContext } from "./node-behaviour";
import { prepareTask } from "./prepare-task";

/** Runs one task as one activity and takes its output as the node's. */
export const taskBehaviour: NodeBehaviour<TaskNode> = {
  type: "task",
  enter: (node, context) => {
    const task = prepareTask(node.config, context, "/config");
    if (!task.ok) return { type: "fail", failure: task.error };
    const cache = cacheOf(node.cache, context);
    if (!cache.ok) return { type: "fail", failure: cache.error };
    const { priority, lane } = node;
    return {
      type: "run",
      command: {
        ...task.value,
        options: overrideTaskOptions(task.value.options, node.retry, node.timeout),
        ...(priority === undefined ? {} : { priority }),
        ...(lane === undefined ? {} : { lane }),
        ...(cache.value === undefined ? {} : { cache: cache.value }),
      },
    };
  },
};

function cacheOf(cache: Cache | undefined, context: NodeContext): Result<RunTaskCommand["cache"], Failure> {
  if (cache === undefined) return ok(undefined);
  const rendered = context.render(cache.key, "/cache/key");
  if (!rendered.ok) return err(renderFailure(rendered.error));
  const key = typeof rendered.value === "string" ? rendered.value : JSON.stringify(rendered.value);
  if (key.length > MAX_CACHE_KEY_LENGTH)
    return err({ code: "CONFIG_INVALID", message: `cache key is longer than ${MAX_CACHE_KEY_LENGTH} characters` });
  const ttl = parseDuration(cache.ttl);
  return ttl.ok ? ok({ key, ttlMs: ttl.value }) : err({ code: "CONFIG_INVALID", message: `cache ttl ${ttl.error}` });
}
