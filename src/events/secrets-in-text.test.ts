import { secretsIn } from "./secrets-in-text";

const found = (text: string) => [...new Set(secretsIn(text))];

test.each([
  ["http://h/p?api_key=query-1&token=query-2&page=3#top", ["query-1", "query-2"]],
  ["https://maps.example.com/?key=AIzaSy-1", ["AIzaSy-1"]],
  ["redis://:p4ssw0rd@h/0", [":p4ssw0rd"]],
  ["s3?X-Amz-Signature=abc123def&X-Amz-Date=20260101", ["abc123def"]],
  ["MYSQL_PASSWORD=inline-pw-4242 mysqldump", ["inline-pw-4242"]],
  ["export TOKEN='two words'; PGPASSWORD=\"a'b\" psql", ["two words", "a'b"]],
  ['COMMAND="mysql --password=in-quotes-1" url=http://h/?token=in-value-1', ["in-quotes-1", "in-value-1"]],
  ["login --password hunter-22 --api-token=t-0-k-e-n", ["t-0-k-e-n", "hunter-22"]],
  ["curl -H 'Authorization: Bearer inline-bearer-42' -H \"X-Api-Key: k-e-y\" u", ["inline-bearer-42", "k-e-y"]],
  ["got: cookie: sid=abcdef; theme=dark", ["sid=abcdef; theme=dark"]],
  [`curl -d '{"client_secret": "s-1", "n": 1}'`, ["s-1"]],
  [String.raw`echo "{\"password\":\"s-2\"}"`, ["s-2"]],
  ["it said Bearer eyJhbGciOi.J9 to us", ["eyJhbGciOi.J9"]],
  ["-----BEGIN RSA PRIVATE KEY-----\nMIIEow\nIBAAKC==\n-----END RSA PRIVATE KEY-----", ["", "MIIEow", "IBAAKC=="]],
])("finds what is secret in %s", (text, secrets) => {
  expect(found(text).sort()).toEqual([...secrets].sort());
});

test.each([
  'TOKEN=$TOKEN curl -H "Authorization: Bearer $TOKEN" --password $(cat p)',
  "PWD=/home/ada sort --key=column --token-file ./t max_tokens=100000 secret_name=db",
  "basic authentication is not bearer authorization",
  "config/password: must be text; token: expected a string",
  "monkey=banana --verbose yes",
])("finds nothing in %s", (text) => {
  expect(found(text)).toEqual([]);
});

test.each([
  ["names", "a".repeat(1_000_000)],
  ["names and marks", "a=b-".repeat(250_000)],
  ["parts of a header's name", "x-token-".repeat(125_000)],
  ["begun keys", "-----BEGIN PRIVATE KEY-----\n".repeat(10_000)],
  ["values of values", "token=".repeat(150_000)],
  ["begun values", "token='".repeat(150_000)],
  ["begun fields", '"token": "'.repeat(100_000)],
  ["credentials", "Bearer ".repeat(150_000)],
  ["blanks", `token:${" ".repeat(1_000_000)}`],
])("is done with a million %s", (_, text) => {
  // What takes time with the square of the length would not come to an end.
  expect(secretsIn(text)).toBeDefined();
});
