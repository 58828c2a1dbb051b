/** RFC 6901: `~` and `/` inside a name are written `~0` and `~1`. */
function escapeToken(token: string): string {
  return token.replaceAll("~", "~0").replaceAll("/", "~1");
}

/** The names and positions on the way: `pointerTo` the other way round. */
export function pathOf(pointer: string): readonly string[] {
  return pointer
    .split("/")
    .slice(1)
    .map((token) => token.replaceAll("~1", "/").replaceAll("~0", "~"));
}

/** `pointerTo("/nodes/2", ["config", "url"])` is `/nodes/2/config/url`. */
export function pointerTo(base: string, path: readonly PropertyKey[]): string {
  let pointer = base;
  for (const token of path) pointer += `/${escapeToken(String(token))}`;
  return pointer;
}
