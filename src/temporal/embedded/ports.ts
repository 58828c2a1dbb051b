import { createServer } from "node:net";

/** A port that an option asks for; `flag` and `variable` say how to ask for another. */
export interface WantedPort {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  readonly what: string;
  readonly flag: string;
  readonly variable: string;
}

/**
 * The port itself where it is free, a free one for 0. Nothing holds it on return: its server is to be started next.
 * Throws with the name of the flag that chooses another port.
 */
export async function reservePort(wanted: WantedPort): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", (cause: NodeJS.ErrnoException) => reject(portError(wanted, cause)));
    server.listen({ host: wanted.host, port: wanted.port, exclusive: true }, () => {
      const address = server.address();
      const port = typeof address === "object" && address !== null ? address.port : wanted.port;
      server.close(() => resolve(port));
    });
  });
}

function portError(wanted: WantedPort, cause: NodeJS.ErrnoException): Error {
  const { host, port, what, flag, variable } = wanted;
  const where = `${host.includes(":") ? `[${host}]` : host}:${port}`;
  const reason =
    cause.code === "EADDRINUSE"
      ? `port ${port} is in use by another program`
      : cause.code === "EACCES"
        ? `ports below 1024 need privileges`
        : cause.code === "EADDRNOTAVAIL"
          ? `this machine has no address ${host}`
          : cause.code === "ENOTFOUND"
            ? `there is no host ${host}`
            : cause.message;
  const ending = cause.code === "EADDRINUSE" ? " (port 0 is any free one), or end what uses it" : "";
  return new Error(
    `${what} cannot listen on ${where}: ${reason}. Choose another with ${flag} or ${variable}${ending}.`,
    {
      cause,
    },
  );
}
