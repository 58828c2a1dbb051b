/**
 * Names whose values are taken for secrets, wherever they stand: as a key of a config, an environment, headers or an input, or in a text.
 * Compared without case and without what parts words.
 */
const SECRET_NAME =
  /password|passwd|passphrase|secret|token|apikey|accesskey|privatekey|authorization|credential|cookie|signature|bearer/;

/** Names that say so only as a key or in a URL's query: in a command they may be anything, such as the working folder. */
const SHORT_SECRET_NAME = /^(?:auth|pwd|pin|key)$/;

/** In a text, what is called so is about a secret, and is none: `--token-file`, `max_tokens`, `secret_name`. */
const ABOUT_SECRETS = /(?:file|path|url|uri|dir|id|name|type|length|count|size|limit|tokens|expires|expiresin)$/;

// All patterns take time that grows with the text's length only: what repeats has a bound.
const NAME = "([A-Za-z][\\w.-]{0,63})";
const BARE = "[^\\s\"'`&;|<>()#,\\\\]{1,4096}";
const WORD = new RegExp(`"([^"\\n]{1,4096})"|'([^'\\n]{1,4096})'|(${BARE})`, "y");

/** How a value is told to be a secret: by a name that stands before it. */
interface Form {
  readonly before: RegExp;
  readonly value: RegExp;
  isSecret(name: string): boolean;
}

const FORMS: readonly Form[] = [
  // ?name=value and &name=value of a URL.
  { before: new RegExp(`[?&]${NAME}=`, "g"), value: new RegExp(`(${BARE})`, "y"), isSecret: isSecretName },
  // NAME=value, as in an environment, and --name=value.
  { before: new RegExp(`${NAME}=`, "g"), value: WORD, isSecret: isSecretNameInText },
  // --name value
  { before: new RegExp(`--${NAME}[ \\t]{1,8}`, "g"), value: WORD, isSecret: isSecretNameInText },
  // "name": "value" of JSON in a text, also where its quotes are escaped.
  {
    before: new RegExp(`["']${NAME}\\\\?["']\\s{0,8}:\\s{0,8}\\\\?["']`, "g"),
    value: /([^"'\\\n]{1,4096})/y,
    isSecret: isSecretNameInText,
  },
  // Name: value of an HTTP header, which has a `-` in its name, or is one of these two.
  {
    before: /\b((?:[A-Za-z]{1,32}-){1,6}[A-Za-z]{1,32}|authorization|cookie)[ \t]{0,8}:[ \t]{0,8}/gi,
    value: /([^\s"'\\][^"'\\\n]{0,4095})/y,
    isSecret: isSecretNameInText,
  },
];

/** `USER:PASSWORD@` in a URL. */
const URL_USERINFO = /\b[a-z][a-z0-9+.-]{0,31}:\/\/([^\s/?#@"']{1,4096})@/gi;
/** Longer than a word, or with a digit: "basic authentication" is no secret. */
const CREDENTIALS = /\b(?:Bearer|Basic)[ \t]{1,8}(?=[\w.~+/=-]{20}|[^\s\d]{0,20}\d)([\w.~+/=-]{6,4096})/g;
const PRIVATE_KEY =
  /-----BEGIN [A-Z ]{0,32}PRIVATE KEY-----([A-Za-z0-9+/=\s\\:,-]{1,16384}?)-----END [A-Z ]{0,32}PRIVATE KEY-----/g;

/** True where the value under such a key is a secret. */
export function isSecretName(key: string): boolean {
  const name = plainName(key);
  return SECRET_NAME.test(name) || SHORT_SECRET_NAME.test(name);
}

/** What of a text is a secret, by what stands before it; in no order, and maybe more than once. */
export function secretsIn(text: string): readonly string[] {
  return [
    ...[...text.matchAll(URL_USERINFO)].map(([, userinfo = ""]) => userinfo),
    ...FORMS.flatMap((form) => valuesOf(text, form)),
    ...[...text.matchAll(CREDENTIALS)].map(([, credentials = ""]) => credentials),
    // Line by line: so it may be told as output.
    ...[...text.matchAll(PRIVATE_KEY)].flatMap(([, body = ""]) => body.split(/\s|\\[nr]/)),
  ].filter((value) => !value.startsWith("$"));
}

/** A header's value has its scheme before it: what follows stands alone elsewhere. */
export function withoutScheme(value: string): string {
  return /^(?:bearer|basic|token|digest) +(\S+)$/i.exec(value)?.[1] ?? value;
}

/** What follows is read for itself: a value that is no secret may hold one. */
function valuesOf(text: string, { before, value, isSecret }: Form): readonly string[] {
  return [...text.matchAll(before)].flatMap(({ index, 0: { length }, 1: name = "" }) => {
    if (!isSecret(name)) return [];
    value.lastIndex = index + length;
    const found = value
      .exec(text)
      ?.slice(1)
      .find((each) => each !== undefined);
    return found === undefined ? [] : [withoutScheme(found.trim())];
  });
}

function isSecretNameInText(name: string): boolean {
  const plain = plainName(name);
  return SECRET_NAME.test(plain) && !ABOUT_SECRETS.test(plain);
}

function plainName(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
}
