import { effect, signal } from "@preact/signals";

const KEY = "aco-name";

/** Who sits here, as records are to name them; empty where nobody said. Kept in this browser, and no proof of anything. */
export const myName = signal(read());

effect(() => {
  try {
    localStorage.setItem(KEY, myName.value);
  } catch {
    // A browser that keeps nothing asks again.
  }
});

function read(): string {
  try {
    return localStorage.getItem(KEY) ?? "";
  } catch {
    return "";
  }
}
