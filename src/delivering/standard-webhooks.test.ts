import { newSecret, secretProblem, signWebhook, verifyGithub, verifyWebhook } from "./standard-webhooks";

/** The example of the specification's own libraries. */
const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const ID = "msg_p5jXN8AQM9LWM0D4loKWxJek";
const AT_MS = 1_614_265_330_000;
const BODY = '{"test": 2432232314}';
const SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

const now = { nowMs: AT_MS, toleranceMs: 300_000 };
const signed = {
  id: ID,
  timestamp: String(AT_MS / 1_000),
  signature: SIGNATURE,
  body: Buffer.from(BODY),
};

test("signs as the specification's own libraries do", () => {
  expect(signWebhook(SECRET, ID, AT_MS, BODY)).toEqual({
    "webhook-id": ID,
    "webhook-timestamp": "1614265330",
    "webhook-signature": SIGNATURE,
  });
});

test("takes what is signed, also among signatures by other secrets and of other versions", () => {
  expect(verifyWebhook(SECRET, signed, now)).toBeUndefined();
  const several = `v1,${Buffer.alloc(32).toString("base64")} v1a,x ${SIGNATURE}`;
  expect(verifyWebhook(SECRET, { ...signed, signature: several }, now)).toBeUndefined();
});

test.each([
  ["another body", { body: Buffer.from("{}") }],
  ["another id", { id: "msg_other" }],
  ["another time", { timestamp: "1614265331" }],
  ["another version", { signature: SIGNATURE.replace("v1,", "v2,") }],
  ["a part of the signature", { signature: SIGNATURE.slice(0, 20) }],
  ["no signature", { signature: "" }],
  ["no id", { id: "" }],
  ["no number for a time", { timestamp: "now" }],
])("refuses %s", (_what, change) => {
  expect(verifyWebhook(SECRET, { ...signed, ...change }, now)).toMatch(/webhook-/);
});

test("refuses what was signed too long ago or too far ahead, at the limit not", () => {
  for (const sign of [1, -1]) {
    expect(verifyWebhook(SECRET, signed, { ...now, nowMs: AT_MS + sign * 300_000 })).toBeUndefined();
    expect(verifyWebhook(SECRET, signed, { ...now, nowMs: AT_MS + sign * 300_001 })).toMatch(/too far/);
  }
});

test("takes secrets of 24 to 64 bytes in base64, such as it makes, and tells none", () => {
  expect(secretProblem(newSecret())).toBeUndefined();
  const ofBytes = (count: number) => `whsec_${Buffer.alloc(count, 1).toString("base64")}`;
  expect([24, 64].map((count) => secretProblem(ofBytes(count)))).toEqual([undefined, undefined]);
  for (const secret of ["", "hush-hush", "whsec_", "whsec_hush!", ofBytes(23), ofBytes(65)]) {
    expect(secretProblem(secret)).toMatch(/^must be whsec_/);
    expect(secretProblem(secret)).not.toContain("hush");
  }
});

test("takes GitHub's own example and nothing else", () => {
  // https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries
  const secret = "It's a Secret to Everybody";
  const signature = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
  expect(verifyGithub(secret, signature, Buffer.from("Hello, World!"))).toBeUndefined();
  for (const wrong of ["", signature.slice(0, -1), signature.replace("7", "8"), signature.replace("sha256", "sha1")])
    expect(verifyGithub(secret, wrong, Buffer.from("Hello, World!"))).toMatch(/x-hub-signature-256/);
});
