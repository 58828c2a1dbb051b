/** The first line that is shown, so that the one at `index` is among the `height` that are. Scrolls no further than it has to. */
export function scrolledTop(top: number, index: number, height: number, total: number): number {
  if (height < 1) return 0;
  const nearest = Math.min(Math.max(top, index - height + 1), Math.max(index, 0));
  return Math.max(0, Math.min(nearest, total - height));
}

/** Keys that move through a list, and by how much. */
export function moved(key: string, index: number, height: number, total: number): number | null {
  const last = Math.max(0, total - 1);
  const to = (wanted: number) => Math.max(0, Math.min(last, wanted));
  switch (key) {
    case "up":
      return to(index - 1);
    case "down":
      return to(index + 1);
    case "pageup":
      return to(index - Math.max(1, height - 1));
    case "pagedown":
      return to(index + Math.max(1, height - 1));
    case "home":
    case "g":
      return 0;
    case "end":
    case "G":
      return last;
    case "k":
      return to(index - 1);
    case "j":
      return to(index + 1);
    default:
      return null;
  }
}

/** What has been typed after a key; null where the key types nothing. */
export function typed(text: string, key: string): string | null {
  if (key === "backspace") return [...text].slice(0, -1).join("");
  if (key === "ctrl-u") return "";
  if (key === "space") return `${text} `;
  return [...key].length === 1 && key >= " " ? text + key : null;
}
