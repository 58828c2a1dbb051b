import fc from "fast-check";

/** The same in every run, so that a change is judged by what it changes; `npm run fuzz` looks on with seeds of its own. */
const SEED = 20_260;

const given = process.env["ACO_PROPERTY_SEED"];
fc.configureGlobal({ seed: given === undefined ? SEED : Number(given) });

/** fast-check, with the seed that all property tests share. */
export { fc };
