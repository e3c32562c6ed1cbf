/**
 * Program of the relay: `main.ts SEED FD`. It reads IP packets from the tunnel device that is open
 * as file descriptor `FD`, and writes each back when its delay is over. The kernel then forwards the
 * packet to its host.
 */
import { read, writeFileSync, writeSync } from "node:fs";
import { setPriority } from "node:os";
import { createInterface } from "node:readline";
import { createDelayLine } from "./delay-line.ts";
import { createDraws } from "./draws.ts";
import type { RelayAnswer, RelayQuestion } from "./messages.ts";
import { readPacket } from "./packet.ts";

const PACKET_BYTES_MAX = 65_536;
const HELD_BYTES_MAX = 256 * 1_048_576;
const TICK_MS = 1;
/** A timer fires up to 1 ms late, so a packet may leave up to half of that early. */
const EARLY_MS = 0.5;
/** The relay stands for wires, which do not get slower when the hosts are busy. */
const PRIORITY = -15;

const [seed = "1", descriptor = ""] = process.argv.slice(2);
const tunnel = Number(descriptor);
const line = createDelayLine({ draw: createDraws(Number(seed)), bytesMax: HELD_BYTES_MAX });
const buffer = Buffer.alloc(PACKET_BYTES_MAX);
let packets = 0;
let bytes = 0;
let unsent = 0;
let lateMsMax = 0;
let tickingSince: number | undefined;

function send(packet: Uint8Array): void {
  try {
    writeSync(tunnel, packet);
  } catch {
    // The kernel has no route to the destination: its host is gone.
    unsent += 1;
  }
}

function release(): void {
  for (const packet of line.takeDue(performance.now() + EARLY_MS)) send(packet);
}

function tick(): void {
  const now = performance.now();
  if (tickingSince !== undefined) lateMsMax = Math.max(lateMsMax, now - tickingSince - TICK_MS);
  release();
  tickingSince = line.waiting === 0 ? undefined : now;
  if (tickingSince !== undefined) setTimeout(tick, TICK_MS);
}

function readNext(): void {
  read(tunnel, buffer, 0, PACKET_BYTES_MAX, null, (error, length) => {
    if (error !== null) {
      process.stderr.write(`the relay cannot read its tunnel: ${error.message}\n`);
      process.exit(1);
    }
    const packet = readPacket(Uint8Array.prototype.slice.call(buffer, 0, length));
    if (packet !== undefined) {
      packets += 1;
      bytes += length;
      line.push(packet, performance.now());
      release();
      if (line.waiting > 0 && tickingSince === undefined) {
        tickingSince = performance.now();
        setTimeout(tick, TICK_MS);
      }
    }
    readNext();
  });
}

function answer(message: RelayAnswer): void {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}

function reply(question: RelayQuestion): void {
  if (question.type === "rules") {
    line.setRules(question.rules);
    return answer({ type: "ready" });
  }
  answer({ type: "figures", packets, bytes, dropped: line.dropped + unsent, lateMsMax });
  lateMsMax = 0;
}

try {
  setPriority(PRIORITY);
  // Processes are scheduled by sessions where the kernel groups them so, and then by priority.
  writeFileSync("/proc/self/autogroup", String(PRIORITY));
} catch {
  process.stderr.write(
    "the relay has no higher priority: its delays are longer on a busy machine\n",
  );
}
createInterface({ input: process.stdin }).on("line", (text) => reply(JSON.parse(text)));
readNext();
answer({ type: "ready" });
