import type { Metadata } from "@grpc/grpc-js";
import { MAX_LABEL_LENGTH, MAX_LABELS } from "../../definition/limits";
import type { RunNames } from "../../starting/run-names";
import type { Labels } from "../../store/records";
import { MAX_DISPLAY_NAME_LENGTH } from "../limits";
import { RequestCheck } from "../requests/request-check";

/**
 * Request metadata of ExecuteTask and ExecuteWorkflow, whose messages are the fixed contract. `aco-label` holds `key=value`,
 * may come several times, and may hold several, separated by commas. Each has a form that ends in `-bin`, as gRPC has it for
 * what is not printable ASCII: UTF-8, one label in each, with any commas.
 */
export const LABEL = "aco-label";
export const DISPLAY_NAME = "aco-display-name";

/** Of Kubernetes' label names, with a `/` anywhere: what can be typed on a command line without quotes. Generated code cannot carry `__proto__`. */
const LABEL_KEY = /^(?!__proto__$)[A-Za-z0-9._/-]{1,63}$/;

/** Throws INVALID_ARGUMENT with every label that is wrong. */
export function decodeStartOptions(metadata: Metadata): RunNames {
  const check = new RequestCheck();
  const labels = decodeLabels(check, metadata);
  const displayName = decodeDisplayName(check, metadata);
  check.finish();
  return {
    ...(Object.keys(labels).length === 0 ? {} : { labels }),
    ...(displayName === undefined ? {} : { displayName }),
  };
}

function decodeLabels(check: RequestCheck, metadata: Metadata): Labels {
  const texts = metadata.get(LABEL).flatMap((value) => String(value).split(","));
  const labels = new Map<string, string>();
  for (const text of [...texts, ...utf8Values(check, metadata, `${LABEL}-bin`)]) {
    const [, key = "", value = ""] = /^([^=]*)=(.*)$/s.exec(text.trim()) ?? [];
    const shown = JSON.stringify(text.slice(0, 100));
    if (!text.includes("=")) check.add(LABEL, `must be key=value; got ${shown}`);
    else if (!LABEL_KEY.test(key)) {
      check.add(LABEL, `must have a key of 1 to 63 letters, digits and . _ / - before the =; got ${shown}`);
    } else if (labels.has(key) && labels.get(key) !== value) {
      check.add(
        LABEL,
        `must give a key one value; ${key} has ${shownValue(labels.get(key) ?? "")} and ${shownValue(value)}`,
      );
    } else labels.set(key, check.text(LABEL, value, MAX_LABEL_LENGTH));
  }
  if (labels.size > MAX_LABELS) check.add(LABEL, `must be at most ${MAX_LABELS} labels; there are ${labels.size}`);
  return Object.fromEntries(labels);
}

function shownValue(value: string): string {
  return JSON.stringify(value.slice(0, 100));
}

function decodeDisplayName(check: RequestCheck, metadata: Metadata): string | undefined {
  const names = [...metadata.get(DISPLAY_NAME).map(String), ...utf8Values(check, metadata, `${DISPLAY_NAME}-bin`)];
  if (names.length > 1) check.add(DISPLAY_NAME, `must come once; there are ${names.length}`);
  const [name] = names;
  return name === undefined ? undefined : check.requiredText(DISPLAY_NAME, name, MAX_DISPLAY_NAME_LENGTH);
}

function utf8Values(check: RequestCheck, metadata: Metadata, name: string): string[] {
  return metadata.get(name).map((value) => {
    try {
      return new TextDecoder("utf-8", { fatal: true }).decode(Buffer.from(value));
    } catch {
      check.add(name, "must be UTF-8");
      return "invalid=";
    }
  });
}
