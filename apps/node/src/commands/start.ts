import { AethelError } from "@aethel/models";
import { listenForStop } from "@aethel/terminal";
import { Config, readConfig } from "../config/config.ts";
import { readGenesis } from "../config/genesis-file.ts";
import { openDataDirectory } from "../data-directory.ts";
import { failure, NodeError } from "../failure/failure.ts";
import { explainStart } from "../failure/start-failure.ts";
import { lockDirectory } from "../files/directory-lock.ts";
import type { Layout } from "../files/layout.ts";
import { removeReadyFile, writeReadyFile } from "../files/ready-file.ts";
import { openKeyFile } from "../keys/key-file.ts";
import { type KeyRing, openKeyRing } from "../keys/key-ring.ts";
import { readPassword } from "../keys/password.ts";
import { tellParent } from "../localnet/ready-message.ts";
import { createNode } from "../runtime/create-node.ts";
import { createLog } from "../runtime/log.ts";
import { note } from "../terminal/output.ts";
import { packageVersion } from "../version.ts";

interface StartOptions {
  readonly dataDir: string;
  readonly httpPort?: number;
  readonly httpHost?: string;
  readonly listen?: readonly string[];
  readonly peer?: readonly string[];
  readonly checkpoint?: string;
  readonly logLevel?: string;
  readonly allowNewSigningState?: boolean;
  readonly passwordFile?: string;
}

/**
 * Runs `aethel start` until the process receives a signal to end. Exit code 1 if the node fails.
 */
export async function start(options: StartOptions): Promise<number> {
  using stop = listenForStop();
  // A node that another process started ends with it.
  process.once("disconnect", () => process.kill(process.pid, "SIGTERM"));
  try {
    return await runNode(options, stop);
  } catch (error) {
    if (stop.signal.aborted) return 0;
    const known = explainStart(error);
    tellParent({ type: "failed", code: codeOf(known), message: messageOf(known) });
    throw known;
  } finally {
    if (process.connected) process.disconnect();
  }
}

async function runNode(
  options: StartOptions,
  stop: { readonly signal: AbortSignal; readonly stopped: Promise<void> },
): Promise<number> {
  const layout = await openDataDirectory(options.dataDir);
  const config = applyFlags(await readConfig(layout.config), options);
  const genesis = await readGenesis(layout.genesis);
  const lock = lockDirectory(layout.lock);
  try {
    const keys = await openKeys(layout, options.passwordFile);
    // On a terminal alone: elsewhere a failed start prints one line.
    if (process.send === undefined && process.stderr.isTTY) {
      note("aethel: starting: reading the database and loading the Judge, up to half a minute");
    }
    const log = createLog({ config: config.log, layout, name: "aethel" });
    log.info({ version: packageVersion }, "starting");
    // The process ends all the same; this logs the reason.
    process.on("uncaughtExceptionMonitor", (err) =>
      log.fatal(
        { err },
        "a bug ends this process. Next: start it again, and please report the error",
      ),
    );
    await using node = await createNode({
      layout,
      config,
      genesis,
      version: packageVersion,
      ...keys,
      allowNewSigningState: options.allowNewSigningState ?? false,
      log,
      signal: stop.signal,
    });
    const { url, addresses } = node;
    const ready = { url, addresses, pid: process.pid };
    const err = await writeReadyFile(layout, ready);
    if (err !== undefined) log.warn({ err }, "ready.json cannot be written");
    tellParent({ type: "ready", url, addresses: [...addresses] });
    if (process.send === undefined) {
      note(`aethel: running, HTTP API at ${url}${logPlace(config, layout)}. Ctrl-C ends it.`);
    }
    const fatal = await Promise.race([stop.stopped, node.failed.then((error) => ({ error }))]);
    if (fatal === undefined) return 0;
    throw fatal.error;
  } finally {
    await removeReadyFile(layout);
    lock.release();
  }
}

function logPlace({ log }: Config, layout: Layout): string {
  return log.to === "file" ? `, log in ${layout.log}` : "";
}

async function openKeys(
  layout: Layout,
  passwordFile: string | undefined,
): Promise<{ readonly keyRing: KeyRing; readonly networkKey: Uint8Array }> {
  const password = await readPassword({ file: passwordFile, confirm: "once" });
  const [keyRing, networkKey] = await Promise.all([
    openKeyRing({ layout, password }),
    openKeyFile({ file: layout.networkKey, purpose: "network", password }),
  ]);
  return { keyRing, networkKey };
}

/**
 * Overrides the configuration with the flags.
 * @throws NodeError `USAGE` for a flag that the configuration's schema refuses.
 */
function applyFlags(config: Config, options: StartOptions): Config {
  const { httpPort, httpHost, listen, peer, logLevel, checkpoint = config.checkpoint } = options;
  const changed = Config.safeParse({
    ...config,
    ...(checkpoint === undefined ? {} : { checkpoint }),
    http: {
      host: httpHost ?? config.http.host,
      port: httpPort ?? config.http.port,
    },
    p2p: { listen: listen ?? config.p2p.listen, peers: peer ?? config.p2p.peers },
    log: { ...config.log, level: logLevel ?? config.log.level },
  });
  if (changed.success) return changed.data;
  const [issue] = changed.error.issues;
  const what = issue === undefined ? "" : `${issue.path.join(".")}: ${issue.message}`;
  throw failure(
    "USAGE",
    `a flag has a wrong value: ${what}`,
    "correct it; see `aethel start --help`",
  );
}

function codeOf(error: unknown): string {
  return error instanceof AethelError ? error.fault.code : "INTERNAL";
}

function messageOf(error: unknown): string {
  if (error instanceof NodeError) return error.fault.message;
  return error instanceof Error ? error.message : String(error);
}
