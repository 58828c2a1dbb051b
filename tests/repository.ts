import path from "node:path";

/** The clone that these tests look at. */
export const REPOSITORY = path.resolve(__dirname, "..");
