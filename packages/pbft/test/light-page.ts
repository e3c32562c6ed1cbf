/**
 * Page that follows a chain with bytes from a server it does not trust; bundled by `light.test.ts`.
 */
import {
  BlockHeader,
  fromHex,
  QuorumCertificate,
  toDigest,
  toHex,
  toTimestamp,
} from "@aethel/models";
import { followBounds, followHeaders, trustHeader } from "../src/light/index.ts";

/** All bytes in hexadecimal. */
export interface PageInput {
  readonly genesis: string;
  readonly trusted: { readonly header: string; readonly nextValidators: string };
  readonly updates: readonly {
    readonly header: string;
    readonly certificate: string;
    readonly nextValidators: string | undefined;
  }[];
}

/** Returns the text that the page shows. */
export function follow(input: PageInput): string {
  const head = trustHeader({
    header: BlockHeader.decode(fromHex(input.trusted.header)),
    nextValidators: fromHex(input.trusted.nextValidators),
    statedAt: toTimestamp(0),
  });
  const updates = input.updates.map(({ header, certificate, nextValidators }) => ({
    header: BlockHeader.decode(fromHex(header)),
    certificate: QuorumCertificate.decode(fromHex(certificate)),
    ...(nextValidators === undefined ? {} : { nextValidators: fromHex(nextValidators) }),
  }));
  const genesis = toDigest(fromHex(input.genesis));
  const parameters = { minBlockIntervalMs: 10, unbondingMs: 1_000_000 };
  const bounds = followBounds({ now: 600_000, parameters });
  const result = followHeaders({ genesis, head, updates, bounds });
  const root = toHex(result.head.header.application);
  return result.type === "followed" ? `final ${root}` : `${result.defect} at ${result.at}`;
}
