import { isConflict, isForeignKeyViolation, isUniqueViolation, storeError } from "./store-errors";

/** As Prisma 7 nests them. */
const prisma = (code: string, kind: string, originalCode?: string) =>
  Object.assign(new Error("Invalid invocation"), {
    code,
    meta: { driverAdapterError: Object.assign(new Error(kind), { cause: { kind, originalCode } }) },
  });

const UNAVAILABLE = { code: "UNAVAILABLE", message: "the database cannot be reached; try again" };

test.each([
  prisma("P1001", "DatabaseNotReachable"),
  prisma("P2010", "postgres", "57P01"),
  prisma("P1008", "SocketTimeout"),
  prisma("P2034", "TransactionWriteConflict", "40001"),
  Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" }),
  new Error("Connection terminated unexpectedly"),
  { kind: "sqlite", extendedCode: 13, message: "database or disk is full" },
  { kind: "sqlite", extendedCode: 778, message: "disk I/O error" },
])("is UNAVAILABLE with the cause kept: %j", (error) => {
  const mapped = storeError(error);
  expect(mapped).toMatchObject(UNAVAILABLE);
  expect(mapped).toHaveProperty("cause", error);
});

test.each([
  new TypeError("x is not a function"),
  prisma("P2022", "ColumnNotFound"),
  prisma("P2002", "UniqueConstraintViolation", "23505"),
  { kind: "sqlite", extendedCode: 1, message: "syntax error" },
  "text",
  null,
])("leaves what is our own defect as it is: %j", (error) => {
  expect(storeError(error)).toBe(error);
});

test("tells the refusals apart that the store answers itself", () => {
  expect(isUniqueViolation(prisma("P2002", "UniqueConstraintViolation"))).toBe(true);
  expect(isForeignKeyViolation(prisma("P2003", "ForeignKeyConstraintViolation"))).toBe(true);
  expect(isConflict(prisma("P2010", "postgres", "40P01"))).toBe(true);
  expect(isUniqueViolation(prisma("P2003", "ForeignKeyConstraintViolation"))).toBe(false);
  expect(isConflict(new Error("no"))).toBe(false);
});
