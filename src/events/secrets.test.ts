import type { JsonValue } from "../core/json";
import { utf8Bytes } from "../core/json-size";
import { Secrets } from "./secrets";

function removed(value: JsonValue): JsonValue {
  const secrets = new Secrets();
  secrets.gather(value);
  return secrets.remove(value);
}

test.each(["password", "API-Key", "x-api-key", "Authorization", "AWS_SECRET_ACCESS_KEY", "clientSecret", "key"])(
  "removes what stands under %s, and the same text elsewhere",
  (name) => {
    const value = removed({ [name]: "sésame-ouvre", log: ["said sésame-ouvre", "sésame-ouvre"] }) as Record<
      string,
      never
    >;
    expect(JSON.stringify(value)).not.toContain("sésame-ouvre");
    expect(value["log"]).toEqual([`said ${value[name]}`, value[name]]);
    expect(utf8Bytes(String(value[name]))).toBe(utf8Bytes("sésame-ouvre"));
  },
);

test("removes what a URL has before its host, and the credentials after a header's scheme", () => {
  const value = removed({
    headers: { authorization: "Bearer abc.def-ghi" },
    a: "abc.def-ghi",
    u: "redis://:p4ssw0rd@h/0",
  });
  expect(value).toEqual({
    headers: { authorization: expect.stringMatching(/^Bearer removed/) },
    a: expect.stringMatching(/^removed/),
    u: expect.stringMatching(/^redis:\/\/remov.*@h\/0$/),
  });
});

test("gives different secrets different texts, also where one begins the other", () => {
  const value = removed({ token: "abcdef", secret: "abcdefgh", t: "abcdef abcdefgh" }) as Record<string, string>;
  expect(value["token"]).not.toBe(value["secret"]);
  expect(value["t"]).toBe(`${value["token"]} ${value["secret"]}`);
});

test("leaves templates, other names and short words elsewhere as they are", () => {
  const value = { env: { PASSWORD: "${{ input.password }}" }, pin: 1234, pwd: "ab", text: "ab", monkey: "banana" };
  expect(removed(value)).toEqual({ ...value, pin: 0, pwd: "**" });
});

test("removes what a text says to be a secret, unless something else is called so", () => {
  const value = removed({
    command: "TOKEN=in-command-1 PASSWORD=required run",
    url: "http://h/?api_key=in-url-1",
    schema: { required: ["n"] },
    log: "in-command-1 in-url-1",
  });
  const text = JSON.stringify(value);
  expect(text).not.toMatch(/in-command-1|in-url-1/);
  expect(value).toMatchObject({ schema: { required: ["n"] } });
});
