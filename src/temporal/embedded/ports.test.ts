import { createServer } from "node:net";
import { reservePort } from "./ports";

const wanted = { what: "The API", flag: "--listen", variable: "ACO_LISTEN" };

describe("a port that cannot be listened on is refused with what to do", () => {
  it("because it is in use", async () => {
    const other = createServer();
    const port = await new Promise<number>((resolve) => {
      other.listen(0, "127.0.0.1", () => resolve((other.address() as { readonly port: number }).port));
    });
    await expect(reservePort({ ...wanted, host: "127.0.0.1", port })).rejects.toThrow(
      `The API cannot listen on 127.0.0.1:${port}: port ${port} is in use by another program. ` +
        `Choose another with --listen or ACO_LISTEN (port 0 is any free one), or end what uses it.`,
    );
    other.close();
  });

  it("because the address is another machine's (one for documentation, RFC 5737)", async () => {
    await expect(reservePort({ ...wanted, host: "192.0.2.1", port: 0 })).rejects.toThrow(
      "The API cannot listen on 192.0.2.1:0: this machine has no address 192.0.2.1. Choose another with --listen or ACO_LISTEN.",
    );
  });
});
