#!/usr/bin/env node
import { foundNetwork, readNetwork } from "./network.ts";

const USAGE = `usage: map found FOLDER [NODES]        found a network, of 4 nodes unless said otherwise
       map start FOLDER NODE           run node 1, 2, ... until Ctrl-C
       map put FOLDER NODE KEY VALUE   set a key through a node; waits until that is final
       map get FOLDER NODE KEY         ask a node for a value
       map status FOLDER NODE          its last block`;

/** Runs one command. @throws Error with a text for the user. */
async function run([command, folder, number, key, value]: readonly string[]): Promise<void> {
  if (folder === undefined) throw new Error(USAGE);
  if (command === "found") {
    const count = wholeNumber(number ?? "4");
    await foundNetwork(folder, count);
    return console.log(`${count} nodes in ${folder}; start each: map start ${folder} 1`);
  }
  if (number === undefined) throw new Error(USAGE);
  const node = wholeNumber(number) - 1;
  switch (command) {
    case "start": {
      // Only here: the other commands need no libp2p, and start sooner.
      const { startNode } = await import("./node.ts");
      const running = await startNode(folder, node, (line) => console.log(line));
      await new Promise((stop) => {
        process.once("SIGINT", stop);
        process.once("SIGTERM", stop);
      });
      return running[Symbol.asyncDispose]();
    }
    case "put":
      if (key === undefined || value === undefined) throw new Error(USAGE);
      return ask(folder, node, { key, method: "PUT", body: value });
    case "get":
      if (key === undefined) throw new Error(USAGE);
      return ask(folder, node, { key, method: "GET" });
    case "status":
      return ask(folder, node, { key: "", method: "GET" });
    default:
      throw new Error(USAGE);
  }
}

async function ask(
  folder: string,
  node: number,
  request: { readonly key: string; readonly method: string; readonly body?: string },
): Promise<void> {
  const port = readNetwork(folder).nodes[node]?.http;
  if (port === undefined) throw new Error(`there is no node ${node + 1}`);
  const { key, ...how } = request;
  const url = `http://127.0.0.1:${port}/${encodeURIComponent(key)}`;
  const response = await fetch(url, how).catch(() => undefined);
  if (response === undefined) {
    throw new Error(`node ${node + 1} does not answer on port ${port}; is it running?`);
  }
  const text = (await response.text()).trimEnd();
  if (!response.ok) throw new Error(text);
  console.log(text);
}

function wholeNumber(text: string): number {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number >= 1) return number;
  throw new Error(`"${text}" is no number from 1\n${USAGE}`);
}

try {
  await run(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
