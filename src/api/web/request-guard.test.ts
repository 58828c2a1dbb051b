import { checkRequest, type GuardedRequest } from "./request-guard";

const options = { host: "aco.internal", origins: ["https://aco.example.com"] };

function statusOf(request: Partial<GuardedRequest>): number | null {
  const whole = { host: "127.0.0.1:8234", origin: undefined, fetchSite: undefined, isCall: true, ...request };
  return checkRequest(whole, options)?.status ?? null;
}

describe("the guard of the web listener", () => {
  it.each([
    "127.0.0.1:8234",
    "127.0.0.1",
    "[::1]:8234",
    "10.1.2.3:80",
    "localhost:8234",
    "LOCALHOST:8234",
    "a.localhost",
    "aco.internal:8234",
    "aco.example.com",
  ])("serves what is asked of %s", (host) => expect(statusOf({ host })).toBeNull());

  it.each([
    "evil.example:8234",
    "127.0.0.1.evil.example",
    "localhost.evil.example",
    "aco.example.com:444",
    "notlocalhost",
  ])("serves nothing under the name %s, which somebody else may have pointed here", (host) => {
    expect(statusOf({ host })).toBe(421);
    expect(statusOf({ host, isCall: false })).toBe(421);
  });

  it.each([undefined, "", "a b", "user@127.0.0.1", "127.0.0.1/x", "127.0.0.1?x"])(
    "needs a host, and %p is none",
    (host) => expect(statusOf({ host })).toBe(400),
  );

  it("takes calls from its own page and from programs, which name no origin", () => {
    expect(statusOf({ origin: "http://127.0.0.1:8234", fetchSite: "same-origin" })).toBeNull();
    expect(statusOf({ origin: undefined })).toBeNull();
    expect(statusOf({ host: "LOCALHOST:1", origin: "http://localhost:1" })).toBeNull();
  });

  it.each(["http://evil.example", "http://127.0.0.1:9999", "https://127.0.0.1:8234", "null", "http://localhost:8234"])(
    "takes no call from a page of %s",
    (origin) => expect(statusOf({ origin })).toBe(403),
  );

  it("takes calls from the origin that it is reached at through a proxy, whatever name the proxy passes on", () => {
    const origin = "https://aco.example.com";
    expect(statusOf({ host: "aco.example.com", origin })).toBeNull();
    expect(statusOf({ host: "10.0.0.7:8234", origin })).toBeNull();
    expect(statusOf({ host: "aco.example.com", origin: "https://aco.example.com.evil.example" })).toBe(403);
  });

  it("refuses what the browser says comes from another site, also without an origin", () => {
    expect(statusOf({ fetchSite: "cross-site" })).toBe(403);
    expect(statusOf({ fetchSite: "same-site" })).toBe(403);
    expect(statusOf({ fetchSite: "none" })).toBeNull();
  });

  it("lets a link from anywhere open the page", () => {
    expect(statusOf({ isCall: false, fetchSite: "cross-site" })).toBeNull();
  });

  it("names the setting that would allow it", () => {
    const request = { host: "aco.dev", origin: undefined, fetchSite: undefined, isCall: false };
    expect(checkRequest(request, options)?.message).toContain("--web-origin https://aco.dev (ACO_WEB_ORIGIN)");
  });
});
