import { execFileSync } from "node:child_process";
import { accessSync, constants } from "node:fs";

/** Programs that the lab runs, with the Debian package that has each. */
const PROGRAMS = [
  { program: "unshare", version: "--version", from: "util-linux" },
  { program: "nsenter", version: "--version", from: "util-linux" },
  { program: "ip", version: "-V", from: "iproute2" },
  { program: "tc", version: "-V", from: "iproute2" },
  { program: "nft", version: "--version", from: "nftables" },
  { program: "perl", version: "-v", from: "perl-base" },
] as const;

/**
 * Abilities that the kernel must have, each as a command in namespaces that end with it. `sh` runs
 * them as one script, and names the first that failed.
 */
const ABILITIES = [
  ["network namespaces", "mount -t tmpfs tmpfs /run && ip netns add probe"],
  ["veth pairs", "ip link add probe-1 type veth peer name eth0 netns probe"],
  ["tunnel devices", "ip tuntap add probe-2 mode tun"],
  ["routing by rules", "ip rule add iif probe-1 lookup 100"],
  ["rate limits (tbf)", "tc qdisc add dev probe-1 root tbf rate 1mbit burst 16kb latency 300ms"],
  [
    "random drops (nftables)",
    `nft "table ip p { chain f { type filter hook forward priority filter; numgen random mod 10 < 1 drop; }; }"`,
  ],
] as const;

/** Namespaces of a lab: they and all their processes end when their first process ends. */
export const NAMESPACES = [
  "--mount",
  "--pid",
  "--fork",
  "--kill-child",
  "--net",
  "--mount-proc",
  "--",
] as const;

/**
 * Tells why the lab cannot run on this machine, as a fact and the next step. Undefined if it can.
 */
export function findObstacle(): string | undefined {
  if (process.platform !== "linux") return "the lab needs Linux: it is made of network namespaces";
  if (process.geteuid?.() !== 0) return "the lab needs root, to make network namespaces: use sudo";
  try {
    accessSync("/dev/net/tun", constants.R_OK | constants.W_OK);
  } catch {
    return "the lab needs /dev/net/tun, which is not there";
  }
  const missing = PROGRAMS.filter(({ program, version }) => !succeeds(program, [version]));
  if (missing.length > 0) {
    const names = missing.map(({ program }) => program).join(", ");
    const packages = [...new Set(missing.map(({ from }) => from))].join(" ");
    return `the lab needs ${names}: apt-get install ${packages}`;
  }
  return findInability();
}

function findInability(): string | undefined {
  const script = ABILITIES.map(
    ([name, command]) => `{ ${command}; } || { echo "${name}"; exit 1; }`,
  );
  try {
    execFileSync("unshare", [...NAMESPACES, "sh", "-c", script.join("\n")], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
    return undefined;
  } catch (error) {
    const said = error instanceof Error && "stdout" in error ? String(error.stdout).trim() : "";
    return `this kernel or container does not allow ${said === "" ? "new namespaces" : said}`;
  }
}

function succeeds(program: string, args: readonly string[]): boolean {
  try {
    execFileSync(program, [...args], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
