import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { errorText, executions } from "../api/clients";
import type { LogEntry, NodeLog } from "../feed/node-log";

/** Of bulk output, shown in the page. */
const MAX_BLOB_BYTES = 512 * 1024;

/** What a node says, as it says it. Stays at the end while the reader is there. */
export function LogView({ log }: { readonly log: NodeLog | undefined }) {
  const place = useRef<HTMLDivElement>(null);
  const isAtEnd = useRef(true);
  useLayoutEffect(() => {
    const element = place.current;
    if (element !== null && isAtEnd.current) element.scrollTop = element.scrollHeight;
  });
  if (log === undefined || log.entries.length === 0)
    return <p class="quiet">{log?.percent === undefined ? "It has said nothing." : `${log.percent} %`}</p>;
  const several = log.attempts.length > 1;
  return (
    <>
      {log.percent !== undefined && <progress max={100} value={log.percent} aria-label="Progress" />}
      <div
        class="log"
        ref={place}
        role="log"
        aria-label="Output"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        tabIndex={0}
        onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) => {
          isAtEnd.current = scrollHeight - scrollTop - clientHeight < 8;
        }}
      >
        {log.dropped > 0 && <div class="quiet">… {log.dropped.toLocaleString()} characters before are not shown</div>}
        {log.entries.map((entry, index) => (
          <Entry key={index} entry={entry} showAttempt={several && entry.attempt !== log.entries[index - 1]?.attempt} />
        ))}
      </div>
    </>
  );
}

function Entry({ entry, showAttempt }: { readonly entry: LogEntry; readonly showAttempt: boolean }) {
  return (
    <>
      {showAttempt && <div class="attempt">attempt {entry.attempt}</div>}
      {entry.kind === "blob" ? <Blob entry={entry} /> : <div class={`said-${entry.kind}`}>{entry.text}</div>}
    </>
  );
}

function Blob({ entry: { reference = "", bytes = 0, text: stream } }: { readonly entry: LogEntry }) {
  const [content, setContent] = useState<string | null>(null);
  const read = async () => {
    setContent("…");
    try {
      setContent(await readBlob(reference));
    } catch (error) {
      setContent(errorText(error));
    }
  };
  if (content !== null) return <div class="said-stdout">{content}</div>;
  return (
    <div>
      <button type="button" class="small" onClick={() => void read()}>
        Show {bytes.toLocaleString()} bytes of {stream}
      </button>
    </div>
  );
}

async function readBlob(reference: string): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let read = 0;
  for await (const { data } of executions.readBlob({ reference })) {
    text += decoder.decode(data, { stream: true });
    read += data.length;
    if (read >= MAX_BLOB_BYTES) {
      // Leaving the loop cancels the call.
      return `${text}\n… more is not shown here: aco execution logs, or ReadBlob`;
    }
  }
  return text;
}
