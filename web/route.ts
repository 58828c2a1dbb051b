import { signal } from "@preact/signals";

/** What the address bar says. */
export interface Route {
  readonly view: "executions" | "execution" | "approvals" | "schedules" | "nowhere";
  /** Of an execution. */
  readonly id: string;
  readonly query: URLSearchParams;
}

export const route = signal<Route>(readRoute());

addEventListener("popstate", () => {
  route.value = readRoute();
});

function readRoute(): Route {
  const [first = "", second = "", ...rest] = location.pathname.split("/").filter((part) => part !== "");
  const query = new URLSearchParams(location.search);
  if (rest.length > 0) return { view: "nowhere", id: "", query };
  if (first === "executions" && second !== "") return { view: "execution", id: second, query };
  if (second !== "") return { view: "nowhere", id: "", query };
  if (first === "" || first === "executions") return { view: "executions", id: "", query };
  return { view: first === "approvals" || first === "schedules" ? first : "nowhere", id: "", query };
}

/** Another view, with a place of its own in the browser's history. */
export function goTo(href: string): void {
  history.pushState(null, "", href);
  route.value = readRoute();
  scrollTo(0, 0);
}

/** The same view with other settings: empty ones go. No new place in the history. */
export function setQuery(changes: Readonly<Record<string, string>>): void {
  const query = new URLSearchParams(location.search);
  for (const [name, value] of Object.entries(changes)) {
    if (value === "") query.delete(name);
    else query.set(name, value);
  }
  const text = query.toString();
  history.replaceState(null, "", `${location.pathname}${text === "" ? "" : `?${text}`}`);
  route.value = readRoute();
}

/** Follows links inside of the page without loading it anew; those with a modifier key are the browser's. */
export function followLinks(event: MouseEvent): void {
  const link = event.target instanceof Element ? event.target.closest("a") : null;
  const isPlain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
  if (link === null || !isPlain || link.target !== "" || link.origin !== location.origin || event.defaultPrevented)
    return;
  if (link.hash !== "" && link.pathname === location.pathname) return;
  event.preventDefault();
  goTo(`${link.pathname}${link.search}`);
}
