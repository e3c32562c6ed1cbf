import type { Conditions } from "./conditions.ts";
import type { Host } from "./host.ts";

const PARTS = 1_000_000;

/**
 * Writes the nftables rules that cut links and lose packets. A packet comes into the router twice,
 * from its host and from the relay; the rules see it when it comes from its host.
 */
export function filterRules(hosts: readonly Host[], conditions: Conditions): string {
  const rules = hosts.flatMap((from) =>
    hosts
      .filter((to) => to !== from)
      .flatMap((to) => {
        const { cut, lossShare = 0 } = conditions.between(from.number, to.number);
        const packets = `iifname "${from.link}" ip daddr { ${to.networks.join(", ")} }`;
        if (cut === true) return [`${packets} counter drop`];
        if (lossShare <= 0) return [];
        const lost = Math.round(lossShare * PARTS);
        return [`${packets} numgen random mod ${PARTS} < ${lost} counter drop`];
      }),
  );
  return [
    "table ip netlab",
    "flush table ip netlab",
    "table ip netlab {",
    "  chain forward {",
    "    type filter hook forward priority filter; policy accept;",
    ...rules.map((rule) => `    ${rule}`),
    "  }",
    "}",
    "",
  ].join("\n");
}
