const { availableParallelism } = require("node:os");

/** ESM-only packages that the tests load; Jest runs CommonJS, so they are transformed like our own code. */
const ESM_PACKAGES = ["@marcbachmann/cel-js", "uuid", "fast-check", "pure-rand", "@prisma/schema-engine-wasm", "long"];

/** @type {import("jest").Config} */
module.exports = {
  testEnvironment: "node",
  globalSetup: "<rootDir>/tests/global-setup.ts",
  roots: ["<rootDir>/src", "<rootDir>/tests", "<rootDir>/examples", "<rootDir>/web"],
  testMatch: ["**/*.test.ts"],
  // scripts/test-postgres.mjs starts a server and sets this; plain `npm test` runs without one.
  testPathIgnorePatterns: process.env.ACO_TEST_POSTGRES_URL ? [] : ["<rootDir>/tests/postgres/"],
  transform: {
    "^.+\\.[cm]?[jt]s$": [
      "@swc/jest",
      { jsc: { target: "es2022", parser: { syntax: "typescript" } }, module: { type: "commonjs" } },
    ],
  },
  transformIgnorePatterns: [`/node_modules/(?!(${ESM_PACKAGES.join("|")})/)`],
  // Jest leaves one core free, which on two cores means one test file at a time. Most of ours wait for a server: three at a time
  // keep two cores busy, and take 12 minutes where two take 15.
  maxWorkers: Math.max(3, availableParallelism() - 1),
  testTimeout: 60_000,
};
