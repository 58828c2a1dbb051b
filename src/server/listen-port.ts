import type { ListenAddress } from "../config";
import { reservePort } from "../temporal/embedded/ports";

/** The address to listen on, port 0 still being any free one; throws when the port is in use, with what to do. */
export async function reserveListenPort(listen: ListenAddress): Promise<ListenAddress> {
  await reservePort({ ...listen, what: "The API", flag: "--listen", variable: "ACO_LISTEN" });
  return listen;
}
