import { useState } from "preact/hooks";

/** Longer texts are shown in part: a browser lays out a megabyte of text for seconds. */
const MAX_SHOWN = 200_000;

/** A JSON text, set out for reading. */
export function JsonView({ json, label }: { readonly json: string; readonly label: string }) {
  const [isCopied, setCopied] = useState(false);
  const text = laidOut(json);
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
    setTimeout(() => setCopied(false), 1_500);
  };
  return (
    <div class="json">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section class="json-text" aria-label={label} tabIndex={0}>
        {text.slice(0, MAX_SHOWN)}
        {text.length > MAX_SHOWN && `\n… ${text.length - MAX_SHOWN} more characters; Copy takes all of them`}
      </section>
      {navigator.clipboard !== undefined && (
        <button type="button" class="small" onClick={() => void copy()} aria-label={`Copy ${label}`}>
          {isCopied ? "Copied" : "Copy"}
        </button>
      )}
    </div>
  );
}

function laidOut(json: string): string {
  try {
    return JSON.stringify(JSON.parse(json), null, 2);
  } catch {
    return json;
  }
}
