import { DATABASE_URL_FORMS, parseDatabaseUrl } from "./database-url";

test.each([
  ["file:/data/aco.db", "/data/aco.db"],
  ["file:///data/aco.db", "/data/aco.db"],
  ["file:/a b/100%/x?y#z.db", "/a b/100%/x?y#z.db"],
  ["file:aco.db", `${process.cwd()}/aco.db`],
])("reads %s as a file", (url, file) => {
  expect(parseDatabaseUrl(url)).toEqual({ kind: "sqlite", file });
});

test.each(["postgresql://u:p@h:5432/d", "postgres://h/d", "POSTGRESQL://h/d"])("takes %s as it is", (url) => {
  expect(parseDatabaseUrl(url)).toEqual({ kind: "postgresql", url });
});

test.each([
  ["", "has no scheme"],
  ["/data/aco.db", "has no scheme"],
  ["mysql://root:secret@localhost/aco", 'has the scheme "mysql"'],
  ["file:", 'has the scheme "file"'],
  ["file://server/share/aco.db", "must name a file of this machine"],
  ["file::memory:", "must name a file of this machine"],
  ["postgresql://user:secret@host:port/d", "is not a valid URL"],
])("refuses %j and names what it accepts, without repeating it", (url, reason) => {
  expect(() => parseDatabaseUrl(url)).toThrow(
    expect.objectContaining({
      code: "INVALID_ARGUMENT",
      message: expect.stringMatching(/^DATABASE_URL /) as string,
    }) as Error,
  );
  try {
    parseDatabaseUrl(url);
  } catch (error) {
    const { message } = error as Error;
    expect(message).toContain(reason);
    expect(message).toContain(DATABASE_URL_FORMS);
    expect(message).not.toContain("secret");
  }
});
