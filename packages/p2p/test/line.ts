import {
  type ConsensusMessage,
  compareBytes,
  ConsensusMessage as Message,
  toHex,
} from "@aethel/models";
import { createRememberingVerify } from "@aethel/pbft";
import {
  type Identity,
  identity,
  item,
  type NodeOptions,
  setOf,
  startNode,
  type TestNode,
  until,
} from "./localnet.ts";
import { vote } from "./signed.ts";

const stops: (() => unknown)[] = [];
export const names = ["first", "second", "third", "fourth"].map((name) => identity(name));
export const [first, second, third, fourth] = names as [Identity, Identity, Identity, Identity];
export const stranger = identity("stranger");
export const set = setOf(names);
/** Goes before all others in a set, so that their indices change when it joins. */
export const newcomer = Array.from({ length: 64 }, (_, at) => identity(`newcomer ${at}`)).toSorted(
  (left, right) => compareBytes(left.id, right.id),
)[0] as Identity;

/** Stops all nodes that `run` has started. */
export async function stopRunning(): Promise<void> {
  await Promise.all(stops.splice(0).map((stop) => stop()));
}

/** Starts a node that `stopRunning` stops. */
export async function run(...args: Parameters<typeof startNode>): Promise<TestNode> {
  const node = await startNode(...args);
  stops.push(() => node.transport.stop());
  return node;
}

export interface Line {
  readonly source: TestNode;
  readonly middle: TestNode;
  readonly end: TestNode;
  /** Signatures that the middle has verified. */
  readonly checks: () => number;
}

/** A stranger, a validator that it is connected to, and a validator behind that one. */
export async function line(options: NodeOptions = {}, ofEnd: NodeOptions = {}): Promise<Line> {
  const verify = createRememberingVerify();
  const middle = await run(first, set, { verify, ...options });
  const bootstrap = middle.transport.addresses();
  const end = await run(second, set, { bootstrap, ...ofEnd });
  const source = await run(stranger, set, { bootstrap, role: "observer" });
  await until(() => middle.transport.connections().length === 2);
  await warm(source, middle, end);
  return { source, middle, end, checks: () => verify.verifications() };
}

/** Waits until an item gets through both hops: the topics are joined after the handshake. */
async function warm(source: TestNode, middle: TestNode, end: TestNode): Promise<void> {
  let arrived = false;
  middle.transport.onItem(() => "accept");
  end.transport.onItem(() => {
    arrived = true;
    return "accept";
  });
  for (let name = 1_000_000; !arrived && name < 1_000_100; name += 1) {
    source.transport.publishItem(item(name));
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

export const digests = (messages: TestNode["messages"]): readonly string[] =>
  messages.map(({ message }) => nameOf(message));
export const nameOf = (message: ConsensusMessage): string => toHex(Message.digest(message));
/** Sends messages over gossip, and one that holds behind them; returns when that one is at the end. */
export async function pass(line: Line, messages: readonly ConsensusMessage[]): Promise<void> {
  const last = vote(fourth, set, { serial: 77 });
  for (const message of [...messages, last]) line.source.transport.broadcast(message);
  await until(() => digests(line.end.messages).includes(nameOf(last)));
  for (const { messages: received } of [line.middle, line.end]) {
    const at = received.findIndex(({ message }) => nameOf(message) === nameOf(last));
    received.splice(at, 1);
  }
}

/** Messages that came by gossip; a validator's broadcast comes on its stream too. */
export function gossiped({ messages }: TestNode): readonly string[] {
  return digests(messages.filter(({ from }) => from === undefined));
}

/** Whether an event says that something was dropped, and why. */
export function isDrop(event: TestNode["events"][number], reason: string): boolean {
  return event.type === "dropped" && event.reason === reason;
}
