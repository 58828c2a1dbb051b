/** Longest URL; servers and proxies take about as much (RFC 9110, 4.1, asks for 8,000 octets; most tools stop at 2,048). */
export const MAX_URL_LENGTH = 2_048;

/** What a person reads of a URL: the query and the fragment may hold tokens. */
export function shownUrl(url: string): string {
  const { protocol, host, pathname, search } = new URL(url);
  return `${protocol}//${host}${pathname}${search === "" ? "" : "?..."}`;
}

/** What keeps a text from being a callback's URL; undefined where nothing does. */
export function urlProblem(text: string): string | undefined {
  if (text.length > MAX_URL_LENGTH) return `must have at most ${MAX_URL_LENGTH} characters; has ${text.length}`;
  // Never the text itself: it may hold a token.
  if (!URL.canParse(text)) return "must be a URL such as https://example.com/hooks/aco";
  const { protocol, username, password, hash } = new URL(text);
  if (protocol !== "http:" && protocol !== "https:") return "must begin with https:// or http://";
  if (username !== "" || password !== "")
    return "must not hold a user name or a password: the callback is signed, so that the receiver can check it";
  if (hash !== "") return "must not have a part after #: it is never sent";
  return undefined;
}
