import { writeFile } from "node:fs/promises";
import type { DelayRule } from "../relay/delay-line.ts";
import type { RelayFigures } from "../relay/messages.ts";
import { toNumber } from "../relay/packet.ts";
import { feed, run } from "./command.ts";
import { type Conditions, IDEAL } from "./conditions.ts";
import { filterRules } from "./filter.ts";
import { type AddressChoice, addressOf, gatewayOf, HOSTS_MAX, type Host, hostOf } from "./host.ts";
import { startRelay, TUNNEL } from "./relay-process.ts";

/**
 * Network of hosts. The namespace of this process is their router: every packet between two hosts
 * passes through the relay. Packets between this process and a host do not, and no condition
 * applies to them but the rate.
 */
export interface Network {
  readonly hosts: readonly Host[];
  /** Current address of a host, by its number. */
  address(number: number): string;
  /** Replaces the conditions of all links. */
  apply(conditions: Conditions): Promise<void>;
  /** Gives a host its other address. Its open connections end without a word, as on a new line. */
  moveHost(number: number): Promise<void>;
  /** Bytes of all packets that hosts have sent to one another so far, those lost left out. */
  bytesCarried(): Promise<number>;
  relayFigures(): Promise<RelayFigures>;
}

/** Routing table for packets that come from hosts. */
const TO_RELAY = "100";
/** Packets that wait for the relay: it loses none while the machine is busy. */
const TUNNEL_QUEUE = "20000";
/** Most that a limited link sends at once, and the longest that a packet waits for it. */
const BURST = "16kb";
const QUEUE = "300ms";

/**
 * Creates a network of `count` hosts with ideal links. The process MUST have a network namespace and
 * a mount namespace of its own: all that is made here goes away with them.
 */
export async function createNetwork(options: {
  readonly count: number;
  readonly seed: number;
}): Promise<Network> {
  const { count, seed } = options;
  if (count > HOSTS_MAX) throw new RangeError(`${count} hosts, more than ${HOSTS_MAX}`);
  await run("ip", "link", "set", "lo", "up");
  await writeFile("/proc/sys/net/ipv4/ip_forward", "1");
  await writeFile("/proc/sys/net/ipv4/conf/all/rp_filter", "0");
  await writeFile("/proc/sys/net/ipv4/conf/default/rp_filter", "0");
  const relay = await startRelay(seed);
  await run("ip", "link", "set", TUNNEL, "txqueuelen", TUNNEL_QUEUE, "up");
  await run("ip", "route", "add", "default", "dev", TUNNEL, "table", TO_RELAY);
  const hosts = Array.from({ length: count }, (_, at) => hostOf(at + 1));
  for (const host of hosts) await addHost(host);
  const choices = new Map<number, AddressChoice>(hosts.map(({ number }) => [number, "first"]));
  let current = IDEAL;
  let rate: number | undefined;
  const address = (number: number): string =>
    addressOf(hostOf(number), choices.get(number) ?? "first");
  const delays = (): readonly DelayRule[] =>
    hosts.flatMap((from) =>
      hosts.map((to) => {
        const { delayMs = 0, jitterMs = 0 } = current.between(from.number, to.number);
        const ends = {
          source: toNumber(address(from.number)),
          destination: toNumber(address(to.number)),
        };
        return { ...ends, delayMs, jitterMs };
      }),
    );
  return {
    hosts,
    address,
    async apply(conditions) {
      current = conditions;
      await feed(filterRules(hosts, conditions), "nft", "-f", "-");
      await relay.setRules(delays());
      const { bitsPerSecond } = conditions;
      if (bitsPerSecond === rate) return;
      for (const host of hosts) await limit(host, bitsPerSecond);
      rate = bitsPerSecond;
    },
    async moveHost(number) {
      const host = hostOf(number);
      const old = choices.get(number) ?? "first";
      const choice = old === "first" ? "second" : "first";
      await addAddress(host, choice);
      await removeAddress(host, old);
      choices.set(number, choice);
      await relay.setRules(delays());
    },
    bytesCarried: async () => await bytesInto(TUNNEL),
    relayFigures: () => relay.figures(),
  };
}

async function addHost(host: Host): Promise<void> {
  const { namespace, link } = host;
  await run("ip", "netns", "add", namespace);
  const peer = ["peer", "name", "eth0", "netns", namespace];
  await run("ip", "link", "add", link, "type", "veth", ...peer);
  await run("ip", "link", "set", link, "up");
  await run("ip", "-n", namespace, "link", "set", "lo", "up");
  await run("ip", "-n", namespace, "link", "set", "eth0", "up");
  await run("ip", "rule", "add", "iif", link, "lookup", TO_RELAY);
  await addAddress(host, "first");
}

async function addAddress(host: Host, choice: AddressChoice): Promise<void> {
  const { namespace, link } = host;
  await run("ip", "address", "add", `${gatewayOf(host, choice)}/16`, "dev", link);
  await run(
    "ip",
    "-n",
    namespace,
    "address",
    "add",
    `${addressOf(host, choice)}/16`,
    "dev",
    "eth0",
  );
  const route = ["default", "via", gatewayOf(host, choice)];
  await run("ip", "-n", namespace, "route", "replace", ...route);
}

async function removeAddress(host: Host, choice: AddressChoice): Promise<void> {
  const { namespace, link } = host;
  await run(
    "ip",
    "-n",
    namespace,
    "address",
    "del",
    `${addressOf(host, choice)}/16`,
    "dev",
    "eth0",
  );
  await run("ip", "address", "del", `${gatewayOf(host, choice)}/16`, "dev", link);
}

/** Limits the rate at which a host sends and receives, or ends the limit. */
async function limit({ namespace, link }: Host, bitsPerSecond: number | undefined): Promise<void> {
  const rate = ["tbf", "rate", `${bitsPerSecond}bit`, "burst", BURST, "latency", QUEUE];
  const change = bitsPerSecond === undefined ? "del" : "replace";
  const kind = bitsPerSecond === undefined ? [] : rate;
  await run("tc", "-n", namespace, "qdisc", change, "dev", "eth0", "root", ...kind);
  await run("tc", "qdisc", change, "dev", link, "root", ...kind);
}

async function bytesInto(device: string): Promise<number> {
  const [link] = JSON.parse(await run("ip", "-s", "-j", "link", "show", "dev", device));
  return link.stats64.tx.bytes;
}
