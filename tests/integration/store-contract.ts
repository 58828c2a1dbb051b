import { silentLogger } from "../../src/core/logger";
import { openStore } from "../../src/store/open-store";
import type { Store } from "../../src/store/store-port";
import { executionContract } from "./store-contract-executions";
import { lifecycleContract } from "./store-contract-lifecycle";
import { reactionContract } from "./store-contract-reactions";
import { searchContract } from "./store-contract-search";
import { taskContract } from "./store-contract-tasks";
import { valueContract } from "./store-contract-values";
import { workflowContract } from "./store-contract-workflows";

/** An empty database of the kind under test. */
export interface TestDatabase {
  readonly url: string;
  remove(): Promise<void>;
}

/** What each part of the contract gets: a store that the part's tests share. */
export type StoreOfTest = () => Store;

/** All that every store must do. Registers its tests with Jest; each part runs on a database of its own. */
export function storeContract(createDatabase: () => Promise<TestDatabase>): void {
  const parts: Readonly<Record<string, (store: StoreOfTest) => void>> = {
    tasks: taskContract,
    workflows: workflowContract,
    executions: executionContract,
    reactions: reactionContract,
    search: searchContract,
    values: valueContract,
  };
  for (const [name, part] of Object.entries(parts)) {
    describe(name, () => {
      let database: TestDatabase;
      let store: Store;
      beforeAll(async () => {
        database = await createDatabase();
        store = await openStore({ databaseUrl: database.url, logger: silentLogger });
      });
      afterAll(async () => {
        await store?.close();
        await database?.remove();
      });
      part(() => store);
    });
  }
  describe("opening and closing", () => lifecycleContract(createDatabase));
}
