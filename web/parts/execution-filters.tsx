import { useEffect, useRef, useState } from "preact/hooks";
import { goTo } from "../route";

const STATUSES = ["running", "pending", "completed", "failed", "cancelled"] as const;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
/** While somebody types, nothing is asked for. */
const TYPING_MS = 350;

export function ExecutionFilters({
  query,
  change,
}: {
  readonly query: URLSearchParams;
  readonly change: (changes: Readonly<Record<string, string>>) => void;
}) {
  const get = (name: string) => query.get(name) ?? "";
  return (
    <search>
      <form
        class="filters"
        aria-label="Filters"
        onSubmit={(event) => {
          event.preventDefault();
        }}
      >
        <label>
          Status
          <select value={get("status")} onChange={(event) => change({ status: event.currentTarget.value })}>
            <option value="">any</option>
            {STATUSES.map((status) => (
              <option key={status}>{status}</option>
            ))}
          </select>
        </label>
        <label>
          Kind
          <select value={get("kind")} onChange={(event) => change({ kind: event.currentTarget.value })}>
            <option value="">any</option>
            <option>workflow</option>
            <option>task</option>
          </select>
        </label>
        <TextFilter
          label="Search"
          placeholder="text in errors, or an id"
          value={get("error")}
          take={(text) => {
            if (UUID.test(text)) goTo(`/executions/${text.toLowerCase()}`);
            else change({ error: text });
          }}
        />
        <TextFilter
          label="Name"
          placeholder="text in the name it was given"
          value={get("name")}
          take={(text) => change({ name: text })}
        />
        <TextFilter
          label="Labels"
          placeholder="team=a, env=prod"
          value={get("labels")}
          take={(text) => change({ labels: text })}
        />
        <TextFilter
          label="Task or workflow"
          placeholder="id"
          value={get("subject")}
          take={(text) => change({ subject: text })}
        />
        {query.size > 0 && (
          <button
            type="button"
            onClick={() => change({ status: "", kind: "", error: "", name: "", labels: "", subject: "" })}
          >
            Clear
          </button>
        )}
      </form>
    </search>
  );
}

function TextFilter({
  label,
  placeholder,
  value,
  take,
}: {
  readonly label: string;
  readonly placeholder: string;
  readonly value: string;
  readonly take: (text: string) => void;
}) {
  const [text, setText] = useState(value);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => setText(value), [value]);
  useEffect(() => () => clearTimeout(timer.current), []);
  return (
    <label class="grows">
      {label}
      <input
        type="search"
        value={text}
        placeholder={placeholder}
        spellcheck={false}
        onInput={(event) => {
          const typed = event.currentTarget.value;
          setText(typed);
          clearTimeout(timer.current);
          timer.current = setTimeout(() => take(typed.trim()), TYPING_MS);
        }}
      />
    </label>
  );
}
