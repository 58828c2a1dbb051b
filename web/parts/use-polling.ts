import { useEffect, useRef, useState } from "preact/hooks";
import { errorText } from "../api/clients";

/** Calls at once and then every so often, while the page can be seen; one call after the other. */
export function usePolling(call: () => Promise<void>, everyMs: number): void {
  const latest = useRef(call);
  latest.current = call;
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isOver = false;
    const run = async () => {
      clearTimeout(timer);
      if (!document.hidden) await latest.current();
      if (!isOver) timer = setTimeout(() => void run(), everyMs);
    };
    const look = () => {
      if (!document.hidden) void run();
    };
    document.addEventListener("visibilitychange", look);
    void run();
    return () => {
      isOver = true;
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", look);
    };
  }, [everyMs]);
}

/** What a call gave last, and why the last one failed; what is shown stays while another call is under way. */
export interface Loaded<Value> {
  readonly value: Value | null;
  readonly error: string | null;
  reload(): Promise<void>;
}

/** Loads again every so often, and at once when `key` has changed. */
export function useLoaded<Value>(key: string, load: () => Promise<Value>, everyMs: number): Loaded<Value> {
  const loaded = useAnswer(key, load);
  usePolling(loaded.reload, everyMs);
  const isFirst = useRef(true);
  useEffect(() => {
    if (isFirst.current) isFirst.current = false;
    else void loaded.reload();
  }, [key]);
  return loaded;
}

/** Loads what never changes: again only when `key` has changed, or somebody asks for it after a failure. */
export function useLoadedOnce<Value>(key: string, load: () => Promise<Value>): Loaded<Value> {
  const loaded = useAnswer(key, load);
  useEffect(() => void loaded.reload(), [key]);
  return loaded;
}

/** A late answer to an old question is dropped. */
function useAnswer<Value>(key: string, load: () => Promise<Value>): Loaded<Value> {
  const [loaded, setLoaded] = useState<{ readonly value: Value | null; readonly error: string | null }>({
    value: null,
    error: null,
  });
  const asked = useRef(key);
  asked.current = key;
  const reload = async () => {
    const question = key;
    try {
      const value = await load();
      if (asked.current === question) setLoaded({ value, error: null });
    } catch (error) {
      if (asked.current === question) setLoaded(({ value }) => ({ value, error: errorText(error) }));
    }
  };
  return { ...loaded, reload };
}
