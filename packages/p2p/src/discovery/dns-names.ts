import type { DNS } from "@multiformats/dns";
import { RecordType } from "@multiformats/dns";
import { type Multiaddr, multiaddr } from "@multiformats/multiaddr";

/** Most names that are looked up one after another, each found in the records of the one before. */
const DEPTH_MAX = 4;

/** Most characters of a record that is read. */
const TEXT_MAX = 512;

/**
 * Resolves an address that an operator named. `/dnsaddr/NAME` stands for the addresses in the TXT
 * records of `_dnsaddr.NAME`, which may be such names again; any other address stands for itself. A
 * name that cannot be looked up stands for nothing. Malformed records are passed over, and so are
 * those beyond `resolvedMax`.
 */
export async function resolveNames(
  address: Multiaddr,
  options: {
    readonly dns: Pick<DNS, "query">;
    readonly resolvedMax: number;
    readonly signal: AbortSignal;
  },
): Promise<readonly Multiaddr[]> {
  const found = new Map<string, Multiaddr>();
  const looked = new Set<string>();
  let names = [address];
  for (let depth = 0; depth <= DEPTH_MAX && names.length > 0; depth++) {
    const next: Multiaddr[] = [];
    for (const each of names) {
      const name = nameOf(each);
      if (name === undefined) found.set(each.toString(), each);
      else if (!looked.has(each.toString()) && looked.size < options.resolvedMax) {
        looked.add(each.toString());
        next.push(...(await lookUp(each, name, options)));
      }
      if (found.size >= options.resolvedMax) return [...found.values()];
    }
    names = next.slice(0, options.resolvedMax);
  }
  return [...found.values()];
}

/** Returns whether an address stands for those in records of DNS. */
export function isName(address: Multiaddr): boolean {
  return nameOf(address) !== undefined;
}

function nameOf(address: Multiaddr): string | undefined {
  return address.getComponents().find(({ name }) => name === "dnsaddr")?.value;
}

async function lookUp(
  address: Multiaddr,
  name: string,
  { dns, signal }: { readonly dns: Pick<DNS, "query">; readonly signal: AbortSignal },
): Promise<readonly Multiaddr[]> {
  const wanted = peerOf(address);
  let answers: readonly { readonly data: string }[];
  try {
    answers = (await dns.query(`_dnsaddr.${name}`, { signal, types: [RecordType.TXT] })).Answer;
  } catch {
    return [];
  }
  const addresses = answers.flatMap(({ data }) => parse(data) ?? []);
  return addresses.filter((each) => wanted === undefined || peerOf(each) === wanted);
}

function parse(text: string): Multiaddr | undefined {
  const [, value] = /^"?dnsaddr=(\/[^"]+)"?$/.exec(text.trim()) ?? [];
  if (value === undefined || text.length > TEXT_MAX) return undefined;
  try {
    return multiaddr(value);
  } catch {
    return undefined;
  }
}

function peerOf(address: Multiaddr): string | undefined {
  return address.getComponents().findLast(({ name }) => name === "p2p")?.value;
}
