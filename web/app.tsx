import { useEffect } from "preact/hooks";
import { VERSION } from "./api/settings";
import { approvalCount, countApprovals } from "./feed/approval-count";
import { usePolling } from "./parts/use-polling";
import { type Route, route } from "./route";
import { ApprovalsView } from "./views/approvals";
import { ExecutionView } from "./views/execution";
import { ExecutionsView } from "./views/executions";
import { SchedulesView } from "./views/schedules";

const TABS = [
  { view: "executions", href: "/executions", label: "Executions" },
  { view: "approvals", href: "/approvals", label: "Approvals" },
  { view: "schedules", href: "/schedules", label: "Schedules" },
] as const;

/** The count in the navigation; the inbox itself is read more often. */
const COUNT_EVERY_MS = 10_000;

export function App() {
  const { view, id } = route.value;
  usePolling(countApprovals, COUNT_EVERY_MS);
  useEffect(() => {
    const label = TABS.find((tab) => tab.view === view)?.label;
    if (label !== undefined) document.title = `${label} · aco`;
  }, [view]);
  const active = view === "execution" ? "executions" : view;
  return (
    <>
      <a class="skip" href="#main">
        Skip to the content
      </a>
      <header class="top">
        <a class="brand" href="/executions">
          <img src="/assets/icon.svg" alt="" width="24" height="24" />
          aco
        </a>
        <nav aria-label="Views">
          {TABS.map((tab) => (
            <a key={tab.view} href={tab.href} aria-current={tab.view === active ? "page" : undefined}>
              {tab.label}
              {tab.view === "approvals" && approvalCount.value > 0 && (
                <span class="count">
                  {approvalCount.value}
                  <span class="unseen"> waiting</span>
                </span>
              )}
            </a>
          ))}
        </nav>
        <span class="version">{VERSION}</span>
      </header>
      <main id="main" tabIndex={-1}>
        <View view={view} id={id} />
      </main>
    </>
  );
}

function View({ view, id }: Pick<Route, "view" | "id">) {
  switch (view) {
    case "executions":
      return <ExecutionsView />;
    case "execution":
      return <ExecutionView key={id} id={id} />;
    case "approvals":
      return <ApprovalsView />;
    case "schedules":
      return <SchedulesView />;
    case "nowhere":
      return (
        <section class="empty">
          <h1>There is nothing here</h1>
          <p>
            <a href="/executions">All executions</a>
          </p>
        </section>
      );
  }
}
