import { assertNever } from "../core/assert-never";
import { isJsonObject, type JsonObject, type JsonValue } from "../core/json";
import type { DrawnKind } from "./drawing";
import { oneLine } from "./one-line";

/** Fields of a node that may be anything: a drawing is also made of what the parser would refuse. */
export type RawNode = JsonObject;

/** What a node does and what is special about it, one thing a text. */
export function describeNode(node: RawNode, kind: DrawnKind): readonly string[] {
  const config = objectIn(node, "config");
  return [...kindDetails(kind, node, config), ...commonDetails(node)].map(oneLine).filter((text) => text !== "");
}

function kindDetails(kind: DrawnKind, node: RawNode, config: JsonObject): readonly string[] {
  switch (kind) {
    case "task":
      return [callText(config)];
    case "transform":
      return ["transform"];
    case "switch":
      return [config["mode"] === "all" ? "all cases that match" : "first case that matches"];
    case "map":
      return mapDetails(config);
    case "loop":
      return loopDetails(config);
    case "workflow":
      return [`workflow ${textOf(config["workflow_id"])}`];
    case "wait":
      return [
        "duration" in config
          ? `wait ${expressionText(config["duration"])}`
          : `wait until ${expressionText(config["until"])}`,
      ];
    case "signal":
      return [`message ${textOf(config["name"])}${within(config)}`];
    case "approval":
      return [`approval${within(config)}`, textOf(config["message"])];
    case "fail":
      return [`fail ${textOf(config["code"])}`, textOf(config["message"])];
    case "end":
      return ["end of the graph"];
    case "other":
      return [textOf(node["type"])];
    default:
      return assertNever(kind, "kind of node");
  }
}

function mapDetails(config: JsonObject): readonly string[] {
  const { items, task, concurrency, max_failures } = config;
  const source = Array.isArray(items) ? `${items.length} items` : expressionText(items);
  return [
    `for each of ${source}`,
    ...(isJsonObject(task) ? [callText(task)] : []),
    ...(concurrency === undefined ? [] : [`${textOf(concurrency)} at a time`]),
    ...(max_failures === undefined ? [] : [`bears ${textOf(max_failures)} failed`]),
  ];
}

function loopDetails(config: JsonObject): readonly string[] {
  return [
    ...(["while", "until"] as const).flatMap((word) =>
      config[word] === undefined ? [] : [`${word} ${expressionText(config[word])}`],
    ),
    `at most ${textOf(config["max_iterations"])} times`,
    ...(config["delay"] === undefined ? [] : [`${textOf(config["delay"])} between`]),
  ];
}

function commonDetails(node: RawNode): readonly string[] {
  const { when, join, compensate } = node;
  const retry = objectIn(node, "retry");
  return [
    ...(when === undefined ? [] : [`when ${expressionText(when)}`]),
    ...(join === undefined || join === "all" ? [] : [joinText(node)]),
    ...(retry["max_attempts"] === undefined ? [] : [`up to ${textOf(retry["max_attempts"])} attempts`]),
    ...(node["catch"] === undefined ? [] : [catchText(objectIn(node, "catch"))]),
    ...(isJsonObject(compensate) ? [`undone by ${callText(compensate)}`] : []),
    ...(node["cache"] === undefined ? [] : ["cached"]),
  ];
}

function joinText({ join, join_rest }: RawNode): string {
  const count = join === "any" ? "after the first" : `after ${textOf(join)}`;
  return join_rest === "cancel" ? `${count}, cancels the rest` : `${count} to arrive`;
}

function catchText({ codes }: JsonObject): string {
  return Array.isArray(codes) ? `catches ${codes.map(textOf).join(", ")}` : "catches failures";
}

function callText(call: JsonObject): string {
  return "task_id" in call ? `task ${textOf(call["task_id"])}` : textOf(call["task_type"]);
}

function within({ timeout }: JsonObject): string {
  return timeout === undefined ? "" : ` within ${textOf(timeout)}`;
}

/** An expression as it reads without `${{ }}`. */
export function expressionText(value: JsonValue | undefined): string {
  const text = textOf(value);
  return /^\s*\$\{\{((?:(?!\}\}).)*)\}\}\s*$/s.exec(text)?.[1]?.trim() ?? text;
}

export function textOf(value: JsonValue | undefined): string {
  if (value === undefined) return "?";
  return typeof value === "string" ? value : JSON.stringify(value);
}

export function objectIn(object: JsonObject, name: string): JsonObject {
  const value = object[name];
  return isJsonObject(value) ? value : {};
}
