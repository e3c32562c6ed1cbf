#!/usr/bin/env node
import { complaintOf } from "./complaint.ts";
import { foundNetwork, nodeOf, readNetwork } from "./network.ts";

const USAGE = `usage: map found FOLDER [NODES]        found a network, of 4 nodes unless said otherwise
       map start FOLDER NODE           run node 1, 2, ... until Ctrl-C
           --allow-new-signing-state   its signing log is lost: listen first, then vote
       map put FOLDER NODE KEY VALUE   set a key through a node; waits until that is final
       map get FOLDER NODE KEY         ask a node for a value
       map status FOLDER NODE          its last block`;

/** Runs one command. @throws Error with a text for the user. */
async function run([command, ...words]: readonly string[]): Promise<void> {
  switch (command) {
    case "found": {
      const [folder, count] = take(words, { least: 1, most: 2 });
      const nodes = wholeNumber(count || "4");
      await foundNetwork(folder, nodes);
      return console.log(`${nodes} nodes in ${folder}; start each: map start ${folder} 1`);
    }
    case "start":
      return start(words);
    case "put": {
      const [folder, node, key = "", body = ""] = take(words, { least: 4, most: 4 });
      return ask({ folder, node, key: usableKey(key), method: "PUT", body });
    }
    case "get": {
      const [folder, node, key = ""] = take(words, { least: 3, most: 3 });
      return ask({ folder, node, key: usableKey(key), method: "GET" });
    }
    case "status": {
      const [folder, node] = take(words, { least: 2, most: 2 });
      return ask({ folder, node, key: "", method: "GET" });
    }
    default:
      throw new Error(USAGE);
  }
}

async function start(words: readonly string[]): Promise<void> {
  const option = "--allow-new-signing-state";
  const [folder, number] = take(
    words.filter((word) => word !== option),
    { least: 2, most: 2 },
  );
  const node = wholeNumber(number) - 1;
  const allowNewSigningState = words.includes(option);
  // Only here: the other commands need no libp2p, and start sooner.
  const { startNode } = await import("./node.ts");
  const say = (line: string): void => console.log(line);
  const running = await startNode({ folder, node, allowNewSigningState, say });
  await new Promise((stop) => {
    process.once("SIGINT", stop);
    process.once("SIGTERM", stop);
  });
  return running[Symbol.asyncDispose]();
}

async function ask(request: {
  readonly folder: string;
  readonly node: string;
  readonly key: string;
  readonly method: string;
  readonly body?: string;
}): Promise<void> {
  const { folder, node, key, ...how } = request;
  const { http: port } = nodeOf(readNetwork(folder), wholeNumber(node) - 1);
  const url = `http://127.0.0.1:${port}/${encodeURIComponent(key)}`;
  const response = await fetch(url, how).catch(() => undefined);
  if (response === undefined) {
    throw new Error(`node ${node} does not answer on port ${port}; is it running?`);
  }
  const text = (await response.text()).trimEnd();
  if (!response.ok) throw new Error(text);
  console.log(text);
}

/** Checks the number of words after a command. */
function take(
  words: readonly string[],
  { least, most }: { readonly least: number; readonly most: number },
): readonly [string, string, ...string[]] {
  const [folder, second, ...rest] = words;
  if (folder === undefined || words.length < least || words.length > most) throw new Error(USAGE);
  return [folder, second ?? "", ...rest];
}

/**
 * Checks that a key can be the path of a URL. The keys `.` and `..` cannot, because they have
 * another meaning there.
 */
function usableKey(key: string): string {
  if (key !== "" && key !== "." && key !== "..") return key;
  throw new Error(`"${key}" cannot be a key: take another`);
}

function wholeNumber(text: string): number {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number >= 1) return number;
  throw new Error(`"${text}" is no number from 1 on\n${USAGE}`);
}

try {
  await run(process.argv.slice(2));
} catch (error) {
  console.error(complaintOf(error));
  process.exitCode = 1;
}
