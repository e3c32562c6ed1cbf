import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { hashGenesis, toHex } from "@aethel/models";
import { count, INTERRUPTED, listenForStop, type StopSignal } from "@aethel/terminal";
import { createLiveDisplay, createPlainDisplay, type Display } from "../demo/display.ts";
import { createDemo, type Demo } from "../demo/run-demo.ts";
import { describeError } from "../failure/describe-error.ts";
import { type LocalNode, type Localnet, startLocalnet } from "../localnet/localnet.ts";
import { ACCOUNTS, LOCALNET_PASSWORD } from "../localnet/network-directory.ts";
import { colour } from "../terminal/colour.ts";
import { formatMs, short } from "../terminal/format.ts";
import { note } from "../terminal/output.ts";

interface LocalnetOptions {
  readonly validators: number;
  readonly set?: readonly string[];
  readonly dataDir?: string;
  readonly demo?: boolean;
  readonly once?: boolean;
  readonly timeout: number;
  readonly plain?: boolean;
}

/** Least width of a terminal for the live display, in columns. */
const NARROWEST = 50;

/** Runs `aethel localnet`. When it ends, no process, lock or temporary directory is left. */
export async function localnet(options: LocalnetOptions): Promise<number> {
  let network: Localnet | undefined;
  using stop = listenForStop({ force: () => killAll(network) });
  const isTemporary = options.dataDir === undefined;
  const directory = options.dataDir ?? (await mkdtemp(path.join(tmpdir(), "aethel-localnet-")));
  // A terminal that is too narrow, or has no width, gets plain lines.
  const isLive =
    process.stdout.isTTY && process.stdout.columns >= NARROWEST && options.plain !== true;
  const display = isLive ? createLiveDisplay(process.stdout) : createPlainDisplay(process.stdout);
  let demo: Demo | undefined;
  const lost: LocalNode[] = [];
  try {
    const begun = performance.now();
    display.line("");
    display.line(
      `  ${colour.bold("Aethel")}   starting ${count(options.validators, "validator")} …`,
    );
    network = await startLocalnet({
      directory,
      count: options.validators,
      settings: options.set ?? [],
      signal: stop.signal,
      onLost: (node) => {
        lost.push(node);
        if (demo === undefined) note(`validator ${node.index} ended`);
        else demo.narrator.lost(node);
      },
    });
    const genesis = await firstGenesis(network);
    introduce(display, network, { chain: toHex(hashGenesis(genesis)), directory, begun });
    demo = createDemo({ network, display, genesis });
    return await runUntilDone({ options, demo, display, stop });
  } catch (error) {
    // Stopped during the start: not a failure.
    if (!stop.signal.aborted) throw error;
    return options.once === true ? INTERRUPTED : 0;
  } finally {
    demo?.close();
    display.end();
    await network?.stop();
    if (isTemporary) await rm(directory, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function runUntilDone(run: {
  readonly options: LocalnetOptions;
  readonly demo: Demo;
  readonly display: Display;
  readonly stop: StopSignal;
}): Promise<number> {
  const { options, demo, display, stop } = run;
  const wantsDemo = options.demo === true || options.once === true;
  const timeoutMs = options.timeout * 1000;
  const deadline = options.once === true ? [AbortSignal.timeout(timeoutMs)] : [];
  const signal = AbortSignal.any([stop.signal, ...deadline]);
  if (wantsDemo) {
    const code = await demo.run(signal).then(
      ({ problems }) => report(display, problems),
      (error: unknown) => {
        if (stop.signal.aborted) return INTERRUPTED;
        if (!signal.aborted) return report(display, [describeError(error)]);
        const waiting = demo.unfinished();
        const late = `not everything was final within ${options.timeout} s`;
        return report(display, [waiting.length === 0 ? late : `${late}: ${waiting.join(", ")}`]);
      },
    );
    if (options.once === true) return code;
  }
  if (!stop.signal.aborted) {
    display.line("");
    display.line(`  ${colour.dim("The network keeps running. Ctrl-C ends it.")}`);
  }
  await stop.stopped;
  return 0;
}

function report(display: Display, problems: readonly string[]): number {
  for (const problem of problems) display.line(`  ${colour.red("problem")}  ${problem}`);
  return problems.length === 0 ? 0 : 1;
}

async function firstGenesis(network: Localnet): ReturnType<LocalNode["client"]["genesis"]> {
  const answers = network.nodes.map(({ client }) => client.genesis());
  return await Promise.any(answers);
}

function introduce(
  display: Display,
  network: Localnet,
  {
    chain,
    directory,
    begun,
  }: { readonly chain: string; readonly directory: string; readonly begun: number },
): void {
  const ready = formatMs(performance.now() - begun);
  display.line(`  chain ${short(chain)}   ready in ${ready}   data in ${directory}`);
  for (const { index, pid, client } of network.nodes) {
    display.line(colour.dim(`  validator ${index}   process ${pid}   ${client.url}`));
  }
  const files = path.join(directory, ACCOUNTS, "{alice,bob,carol,dora,erik,mallory,faucet}.json");
  display.line(colour.dim(`  accounts      ${files}   password ${LOCALNET_PASSWORD}`));
  display.line("");
}

function killAll(network: Localnet | undefined): void {
  for (const { pid, exit } of network?.nodes ?? []) {
    if (exit !== undefined) continue;
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It has just ended.
    }
  }
}
