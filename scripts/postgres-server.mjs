/** A throw-away PostgreSQL server from an installed one, for tests. */
import { execFileSync, spawn, spawnSync } from "node:child_process";
import fs from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** Debian keeps each major version here and off the PATH. */
const DEBIAN_DIR = "/usr/lib/postgresql";

/** A slow machine needs a few seconds to start it, and about one to stop it. */
const START_LIMIT_MS = 60_000;
const STOP_LIMIT_MS = 15_000;

/** Somebody else may take the free port that we found before the server does. */
const PORT_TRIES = 5;

/** Not a secret; that there is one, with characters that a URL must encode, is part of what is tested. */
const PASSWORD = "aco:p@ss/w%rd";

/** The folder of `initdb` and `postgres`: the PATH's first, then the newest of Debian's; null when none is installed. */
export function findPostgres() {
  const onPath = (process.env.PATH ?? "").split(path.delimiter).filter((folder) => path.isAbsolute(folder));
  // A link on the PATH may point at one program of several.
  const resolved = onPath.map((folder) => path.join(folder, "postgres")).filter((file) => fs.existsSync(file));
  const debian = fs.existsSync(DEBIAN_DIR) ? fs.readdirSync(DEBIAN_DIR).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [
    ...resolved.map((file) => path.dirname(fs.realpathSync(file))),
    ...debian.map((version) => path.join(DEBIAN_DIR, version, "bin")),
  ];
  return (
    folders.find((folder) => ["initdb", "postgres"].every((name) => fs.existsSync(path.join(folder, name)))) ?? null
  );
}

/** Who runs the server: PostgreSQL refuses to run as root. `{}` for ourselves. */
function serverUser() {
  if (process.getuid?.() !== 0) return {};
  for (const user of ["postgres", "nobody"]) {
    const [uid, gid] = ["-u", "-g"].map((flag) => spawnSync("id", [flag, user], { encoding: "utf8" }));
    if (uid.status === 0 && gid.status === 0) return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  }
  throw new Error("PostgreSQL does not run as root, and there is neither a user postgres nor a user nobody");
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = net.createServer().once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** Resolves to `{ url, stop }`; `stop` ends the server and removes its folder. Rejects with what the server printed. */
export async function startPostgres(binDir) {
  const user = serverUser();
  // Where we run as root, TMPDIR may be a folder that the server's user cannot enter.
  const folder = fs.mkdtempSync(path.join(user.uid === undefined ? os.tmpdir() : "/tmp", "aco-postgres-"));
  const removeFolder = () => fs.rmSync(folder, { recursive: true, force: true });
  try {
    if (user.uid !== undefined) fs.chownSync(folder, user.uid, user.gid);
    const dataDir = path.join(folder, "data");
    initialize(binDir, folder, dataDir, user);
    for (let attempt = 1; ; attempt++) {
      const port = await freePort();
      try {
        const server = await startServer({ binDir, folder, dataDir, port, user });
        const url = `postgresql://aco:${encodeURIComponent(PASSWORD)}@127.0.0.1:${port}/postgres`;
        return { url, stop: () => stopServer(server).finally(removeFolder) };
      } catch (error) {
        if (attempt === PORT_TRIES || !/could not bind|Address already in use/.test(String(error))) throw error;
      }
    }
  } catch (error) {
    removeFolder();
    throw error;
  }
}

function initialize(binDir, folder, dataDir, user) {
  const passwordFile = path.join(folder, "password");
  fs.writeFileSync(passwordFile, PASSWORD, { mode: 0o600 });
  if (user.uid !== undefined) fs.chownSync(passwordFile, user.uid, user.gid);
  const args = ["--pgdata", dataDir, "--username", "aco", "--pwfile", passwordFile, "--auth", "scram-sha-256"];
  execFileSync(path.join(binDir, "initdb"), [...args, "--encoding", "UTF8", "--locale", "C", "--no-sync"], {
    ...user,
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
  });
}

async function startServer({ binDir, folder, dataDir, port, user }) {
  const settings = {
    port,
    listen_addresses: "127.0.0.1",
    unix_socket_directories: folder,
    // The data lives as long as the tests: nothing has to survive a power cut.
    fsync: "off",
    // Several test files at a time, each with processes that have pools of their own.
    max_connections: 200,
  };
  const args = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  // Detached: a Ctrl-C in the terminal reaches us first, and we stop it in order.
  const server = spawn(path.join(binDir, "postgres"), ["-D", dataDir, ...args], {
    ...user,
    cwd: folder,
    detached: true,
    stdio: ["ignore", "ignore", "pipe"],
  });
  let printed = "";
  let failure;
  server.stderr.on("data", (chunk) => {
    printed = (printed + chunk).slice(-8192);
  });
  server.once("error", (error) => {
    failure = error;
  });
  const deadline = Date.now() + START_LIMIT_MS;
  while (!printed.includes("database system is ready to accept connections")) {
    if (failure !== undefined) throw failure;
    if (server.exitCode !== null) throw new Error(`PostgreSQL did not start:\n${printed}`);
    if (Date.now() > deadline) {
      await stopServer(server);
      throw new Error(`PostgreSQL was not ready after ${START_LIMIT_MS} ms:\n${printed}`);
    }
    await sleep(50);
  }
  return server;
}

/** SIGINT is a fast shutdown: connections are closed, then the server ends. */
async function stopServer(server) {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const ended = new Promise((resolve) => server.once("exit", resolve));
  server.kill("SIGINT");
  const killer = setTimeout(() => server.kill("SIGKILL"), STOP_LIMIT_MS);
  await ended;
  clearTimeout(killer);
}
