/**
 * Program that measures a link from inside a host. `listen PORT` echoes what comes over TCP and
 * counts datagrams; the other commands print one line of JSON.
 */
import { createSocket } from "node:dgram";
import { connect, createServer, type Socket } from "node:net";
import { createInterface } from "node:readline";

const CONNECT_MS = 3_000;
const BURST = 20;

const [command = "", ...words] = process.argv.slice(2);
const address = words[0] ?? "";
const [port, amount] = [Number(words[1]), Number(words[2])];

function print(value: object): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}

/** Echoes over TCP, and counts datagrams. A line on standard input asks for the count. */
function listen(at: number): void {
  let datagrams = 0;
  const socket = createSocket({ type: "udp4", recvBufferSize: 8 * 1_048_576 });
  socket.on("message", () => (datagrams += 1));
  socket.bind(at, "0.0.0.0", () => {
    const server = createServer((peer) => {
      peer.on("error", () => undefined);
      peer.setNoDelay(true);
      peer.pipe(peer);
    });
    server.listen(at, "0.0.0.0", () => print({ listening: at }));
  });
  createInterface({ input: process.stdin }).on("line", () => print({ datagrams }));
}

function open(): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: address, port, noDelay: true });
    const timer = setTimeout(() => socket.destroy(new Error("no connection")), CONNECT_MS);
    socket.once("connect", () => {
      clearTimeout(timer);
      resolve(socket);
    });
    socket.once("error", reject);
  });
}

/** Prints the milliseconds of opening a connection, and of round trips over it. */
async function ping(count: number): Promise<void> {
  const begun = performance.now();
  const socket = await open();
  const connectMs = performance.now() - begun;
  const roundTripsMs: number[] = [];
  for (let at = 0; at < count; at++) {
    const sent = performance.now();
    const back = new Promise((resolve) => socket.once("data", resolve));
    socket.write("x");
    await back;
    roundTripsMs.push(performance.now() - sent);
  }
  print({ connectMs, roundTripsMs });
  socket.destroy();
}

/** Sends bytes, and prints how long it took until all had come back. */
async function carry(bytes: number): Promise<void> {
  const socket = await open();
  const begun = performance.now();
  let left = bytes;
  const all = new Promise<void>((resolve) => {
    socket.on("data", (chunk: Buffer) => {
      left -= chunk.length;
      if (left <= 0) resolve();
    });
  });
  socket.write(Buffer.alloc(bytes));
  await all;
  print({ ms: performance.now() - begun });
  socket.destroy();
}

/** Sends datagrams at a rate that no buffer on the way is too small for. */
async function datagrams(count: number): Promise<void> {
  const socket = createSocket("udp4");
  for (let at = 0; at < count; at++) {
    await new Promise((resolve) => socket.send("x", port, address, resolve));
    if (at % BURST === 0) await new Promise((resolve) => setTimeout(resolve, 2));
  }
  socket.close();
  print({ sent: count });
}

try {
  if (command === "listen") listen(Number(words[0]));
  else if (command === "ping") await ping(amount);
  else if (command === "carry") await carry(amount);
  else if (command === "datagrams") await datagrams(amount);
  else throw new Error(`there is no command ${command}`);
} catch (error) {
  print({ error: error instanceof Error ? error.message : String(error) });
  process.exitCode = 1;
}
