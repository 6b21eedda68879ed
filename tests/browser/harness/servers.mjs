// A Fairlead and a GitLab look-alike of their own, on free ports, with an empty data folder.
import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createServer } from "node:net";

const startMs = 20_000;
const stopMs = 10_000;

// A port that was free a moment ago: the sandbox must know the server's address before it starts.
function freePort() {
  return new Promise((done, fail) => {
    const server = createServer();
    server.on("error", fail);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });
}

// Resolves with the first match of `ready` in what the program says.
function start(program, args, ready) {
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  const found = new Promise((done, fail) => {
    const timer = setTimeout(() => fail(new Error(`${args[0]} did not start:\n${said}`)), startMs);
    const hear = (chunk) => {
      said += chunk;
      const match = ready.exec(said);
      if (!match) return;
      clearTimeout(timer);
      done(match);
    };
    child.stdout.on("data", hear);
    child.stderr.on("data", hear);
    child.on("exit", (code) => {
      clearTimeout(timer);
      fail(new Error(`${args[0]} ended with ${code}:\n${said}`));
    });
  });
  return { child, found, said: () => said };
}

function stop({ child }) {
  if (child.exitCode !== null) return Promise.resolve();
  return new Promise((done) => {
    const timer = setTimeout(() => child.kill("SIGKILL"), stopMs);
    child.on("exit", () => {
      clearTimeout(timer);
      done();
    });
    child.kill("SIGTERM");
  });
}

export async function startServers(program) {
  const folder = await mkdtemp(join(tmpdir(), "fairlead-browser-"));
  const [ours, theirs] = [await freePort(), await freePort()];
  const url = `http://127.0.0.1:${ours}`;
  const gitlab = `http://127.0.0.1:${theirs}`;
  const sandbox = start(
    program,
    ["sandbox", "--listen", `127.0.0.1:${theirs}`, "--redirect-uri", `${url}/oauth/callback`],
    /alice-api: (\S+)/,
  );
  const server = start(
    program,
    ["serve", "--data-folder", folder, "--listen", `127.0.0.1:${ours}`],
    /setup\?token=(\S+)/,
  );
  const accessToken = (await sandbox.found)[1];
  const setupToken = (await server.found)[1];
  const adminToken = (await readFile(join(folder, "admin.token"), "utf8")).trim();
  return {
    url,
    gitlab,
    folder,
    setupToken,
    adminToken,
    accessToken,
    log: () => server.said(),
    async stop() {
      await Promise.all([stop(server), stop(sandbox)]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
