import { cel, constant, objectOf, select, toCel, type Value } from "../value";

/** A service of AWS: what it is called with, and what it answers. */
interface Service {
  /** What is called, as a mapping may name it; the most exact name first. */
  readonly names: readonly string[];
  readonly given: Value;
  /** Members of the state's arguments that are looked at; absent where all of them are given. */
  readonly taken?: readonly string[];
  /** What AWS has in the result beside what is there here. */
  readonly leftOut?: readonly string[];
  /** Of another state machine: whether its end is waited for. */
  readonly run?: "waits" | "goes on";
  /** The result as ASL shows it, of what stands for the service. */
  result(output: Value): Value;
}

/** How a state calls a service. */
export interface Integration extends Service {
  /** Whether the result is what somebody outside answers. */
  readonly isToken: boolean;
}

const TOKEN = ".waitForTaskToken";
const LAMBDA = /:states:::(?:aws-sdk:)?lambda:invoke$/;
const START = /:states:::(?:states|aws-sdk:sfn):startExecution(\.sync(?::2)?)?$/;

/** `shape` is what the state says of arguments; without any a service gets the state's input. */
export function integrationOf(resource: string, shape: Value | undefined, input: Value): Integration {
  const isToken = resource.endsWith(TOKEN);
  const service = isToken ? resource.slice(0, -TOKEN.length) : resource;
  const given = shape ?? constant({});
  const found = LAMBDA.test(service) ? lambda(given) : START.test(service) ? startExecution(service, given) : undefined;
  if (found === undefined) return { names: [], given: shape ?? input, isToken, result: (output) => output };
  if (!isToken) return { ...found, isToken };
  return { names: found.names, given: found.given, isToken, result: (output) => output };
}

function lambda(shape: Value): Service {
  return {
    names: namesIn(shape, "FunctionName"),
    given: select(shape, ["Payload"]) ?? constant({}),
    taken: ["FunctionName", "Payload"],
    leftOut: ["ExecutedVersion", "SdkHttpMetadata", "SdkResponseMetadata"],
    result: (output) => objectOf({ StatusCode: constant(200), Payload: output }),
  };
}

/** `.sync:2` gives the output as it is, `.sync` as a text of JSON, and without either the state machine is not waited for. */
function startExecution(service: string, shape: Value): Service {
  const names = namesIn(shape, "StateMachineArn");
  const [, sync] = START.exec(service) ?? [];
  if (sync === undefined) return { names, given: shape, run: "goes on", result: (output) => output };
  return {
    names,
    given: select(shape, ["Input"]) ?? constant({}),
    taken: ["StateMachineArn", "Input"],
    leftOut: ["ExecutionArn", "Input", "Name", "StartDate", "StateMachineArn", "StopDate"],
    run: "waits",
    result: (output) =>
      objectOf({
        Output: sync === ".sync" ? cel(`json(${toCel(output)})`) : output,
        Status: constant("SUCCEEDED"),
      }),
  };
}

/** `arn:aws:lambda:eu-west-1:1:function:rate:$LATEST` may be named as it is, without its version, and as `rate`. */
function namesIn(shape: Value, member: string): readonly string[] {
  const name = select(shape, [member]);
  if (name?.kind !== "constant" || typeof name.value !== "string") return [];
  const [, arn = name.value] = ARN.exec(name.value) ?? [];
  return [name.value, arn, arn.split(":").at(-1) ?? arn];
}

const ARN = /^(arn:[^:]*:(?:lambda|states):[^:]*:[^:]*:(?:function|stateMachine):[^:]+)(?::[^:]+)?$/;
