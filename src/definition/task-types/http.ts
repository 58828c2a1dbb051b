import { z } from "zod";
import { retrySchema, timeoutSchema } from "../retry-and-timeout";
import { exactlyOne } from "./exactly-one";
import type { TaskType } from "./task-type";

/** As long as servers commonly take a request line. */
const MAX_URL_LENGTH = 8_192;
/** More than servers commonly take in all headers together (8 to 16 KiB). */
const MAX_HEADER_LENGTH = 16_384;
const MAX_STATUSES = 50;
/** A body comes to the worker in Temporal's history; 1 MiB leaves room beside it under Temporal's 2 MiB for one payload. */
const MAX_BODY_LENGTH = 1_024 * 1_024;

/** RFC 9110, 5.6.2: the characters of a token. */
const headerName = z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, "must be the name of a header");
const headerValue = z
  .string()
  .max(MAX_HEADER_LENGTH)
  .regex(/^[\t\x20-\x7e\x80-\xff]*$/, "must be one line of Latin-1 characters");

const url = z
  .string()
  .max(MAX_URL_LENGTH)
  .check((context) => {
    const message = urlProblem(context.value);
    if (message !== null) context.issues.push({ code: "custom", message, input: context.value });
  });

function urlProblem(text: string): string | null {
  if (!/^https?:\/\/[^\s/?#]/i.test(text) || !URL.canParse(text)) return "must be an http or https URL";
  const { username, password } = new URL(text);
  return username === "" && password === "" ? null : "must not hold a password; send an Authorization header";
}

/** A request with one of these has no body: `fetch` refuses it. */
const BODILESS: ReadonlySet<string> = new Set(["GET", "HEAD"]);

/** RFC 9110, 15: three digits, of which 1xx are not final. */
const status = z.int().min(200).max(599);
const statusRange = z.string().check((context) => {
  const [, from, to] = /^([2-5]\d\d)-([2-5]\d\d)$/.exec(context.value) ?? [];
  if (from !== undefined && to !== undefined && from <= to) return;
  context.issues.push({ code: "custom", message: 'must be a range such as "200-299"', input: context.value });
});

const schema = z
  .strictObject({
    url: url.describe("Where to: an http or https URL."),
    method: z.enum(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]).default("GET"),
    headers: z.record(headerName, headerValue).optional().describe("Sent as they are."),
    json: z.unknown().optional().describe("Body, sent as application/json. Either this or body."),
    body: z.string().max(MAX_BODY_LENGTH).optional().describe("Body, sent as it is. Either this or json."),
    expected_status: z
      .array(z.union([status, statusRange]))
      .min(1)
      .max(MAX_STATUSES)
      .default(["200-299"])
      .describe('Statuses and ranges of them that count as success: [200, "300-399"].'),
    follow_redirects: z.boolean().default(true),
    retry: retrySchema.optional(),
    timeout: timeoutSchema.optional(),
  })
  .refine(...exactlyOne(["json", "body"], { orNone: true }))
  .refine(({ method, json, body }) => !BODILESS.has(method) || (json === undefined && body === undefined), {
    error: "GET and HEAD take no json and no body",
    path: ["method"],
  })
  .meta({ title: "http", not: { required: ["json", "body"] } });

/** A checked config, defaults filled in. */
export type HttpConfig = z.output<typeof schema>;

export const httpTaskType: TaskType = {
  name: "http",
  summary: "Sends an HTTP request.",
  schema,
  defaultMaxAttempts: 3,
};
