import type { Health } from "./health-monitor";

/** The names that a health check may ask for. The empty name stands for the server as a whole. */
export const CHECKED_SERVICES = [
  "",
  "orchestrator.tasks.TaskService",
  "orchestrator.workflows.WorkflowService",
  "orchestrator.executions.ExecutionService",
  "orchestrator.schedules.ScheduleService",
  "orchestrator.reactions.ReactionService",
  "orchestrator.webhooks.WebhookService",
  "orchestrator.health.HealthService",
] as const;

export type CheckedService = (typeof CHECKED_SERVICES)[number];

export function isCheckedService(name: string): name is CheckedService {
  return (CHECKED_SERVICES as readonly string[]).includes(name);
}

/**
 * A service serves when all of its methods can work. Without a worker it does: runs wait for one, and nothing is lost.
 * The health service itself serves as long as it answers.
 */
export function isServing(service: CheckedService, health: Health): boolean {
  return service === "orchestrator.health.HealthService" || (health.temporal && health.database);
}
