import type { ComponentChildren } from "preact";
import { useId, useRef } from "preact/hooks";

/** The pattern of the ARIA guide: one stop for the tab key, arrow keys between them. */
export function Tabs<Id extends string>({
  tabs,
  chosen,
  choose,
  children,
}: {
  readonly tabs: readonly { readonly id: Id; readonly label: string }[];
  /** Of what is none of them the first is shown. */
  readonly chosen: string;
  readonly choose: (id: Id) => void;
  readonly children: (id: Id) => ComponentChildren;
}) {
  const prefix = useId();
  const list = useRef<HTMLDivElement>(null);
  const index = Math.max(
    0,
    tabs.findIndex(({ id }) => id === chosen),
  );
  const current = tabs[index];
  if (current === undefined) return null;
  const go = (to: number) => {
    const tab = tabs[(to + tabs.length) % tabs.length];
    if (tab === undefined) return;
    choose(tab.id);
    list.current?.querySelector<HTMLButtonElement>(`#${CSS.escape(`${prefix}-${tab.id}`)}`)?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const to = { ArrowLeft: index - 1, ArrowRight: index + 1, Home: 0, End: tabs.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    go(to);
  };
  return (
    <div class="tabs">
      <div role="tablist" ref={list} onKeyDown={onKeyDown}>
        {tabs.map(({ id, label }) => (
          <button
            key={id}
            id={`${prefix}-${id}`}
            type="button"
            role="tab"
            aria-selected={id === current.id}
            aria-controls={`${prefix}-panel`}
            tabIndex={id === current.id ? 0 : -1}
            onClick={() => choose(id)}
          >
            {label}
          </button>
        ))}
      </div>
      <div id={`${prefix}-panel`} class="tab-panel" role="tabpanel" aria-labelledby={`${prefix}-${current.id}`}>
        {children(current.id)}
      </div>
    </div>
  );
}
