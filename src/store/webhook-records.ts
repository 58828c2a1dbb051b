import type { ExecutionKind } from "./records";
import type { Page, PageRequest } from "./store-port";

/** How requests prove whose they are: Standard Webhooks, or GitHub's `X-Hub-Signature-256`. */
export const WEBHOOK_SIGNATURES = ["standard", "github"] as const;
export type WebhookSignature = (typeof WEBHOOK_SIGNATURES)[number];

/** An address under `/hooks/` that starts executions of one task or workflow. */
export interface WebhookRecord {
  readonly name: string;
  readonly description: string;
  readonly kind: ExecutionKind;
  readonly subjectId: string;
  readonly enabled: boolean;
  readonly signature: WebhookSignature;
  /** Never shown. */
  readonly secret: string;
  /** How far the time of a request may be off; it is signed only in the `standard` form. */
  readonly toleranceSeconds: number;
  readonly maxBodyBytes: number;
  /** In lower case; empty where requests are not told from their repetitions. */
  readonly idempotencyHeader: string;
  /** JSON template over `body`, `headers` and `webhook`; null: the body as it is. */
  readonly input: string | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export type NewWebhook = Omit<WebhookRecord, "createdAt" | "updatedAt">;

/** Only the fields that are present change. */
export type WebhookChanges = Partial<Omit<NewWebhook, "name" | "kind" | "subjectId">>;

/** Part of `Store`. */
export interface WebhookStore {
  /** Null where there is one of that name. */
  createWebhook(webhook: NewWebhook): Promise<WebhookRecord | null>;
  getWebhook(name: string): Promise<WebhookRecord | null>;
  /** Newest first. */
  listWebhooks(filter: { readonly subjectId?: string }, page: PageRequest): Promise<Page<WebhookRecord>>;
  updateWebhook(name: string, changes: WebhookChanges): Promise<WebhookRecord | null>;
  deleteWebhook(name: string): Promise<boolean>;
}
