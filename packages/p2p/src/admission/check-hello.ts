import { type Digest, equalBytes } from "@aethel/models";
import type { RefusalReason } from "../events.ts";
import type { Directory } from "../peers/directory.ts";
import {
  claimOf,
  findHelloDefect,
  Hello,
  HelloEnvelope,
  type HelloParties,
  PROTOCOL_VERSION,
  type SignedClaim,
} from "../peers/hello.ts";
import { findVersionMismatch, type PeerVersions } from "../peers/versions.ts";

/** Result of the check of a peer's hello. `detail` has facts about the reason in words. */
export type CheckedHello =
  | {
      readonly type: "accepted";
      readonly hello: Hello;
      readonly claim: SignedClaim | undefined;
    }
  | { readonly type: "refused"; readonly reason: RefusalReason; readonly detail?: string };

/**
 * Checks the bytes of a peer's hello. The chain is compared first, then the version of the protocol,
 * then all that only this version can read.
 */
export function checkHello(
  bytes: Uint8Array,
  options: {
    readonly genesis: Digest;
    readonly versions: PeerVersions;
    readonly parties: HelloParties;
    readonly directory: Pick<Directory, "names">;
  },
): CheckedHello {
  const { genesis, versions, parties, directory } = options;
  const envelope = decodeWith(HelloEnvelope, bytes);
  if (envelope === undefined) return { type: "refused", reason: "not-aethel" };
  if (!equalBytes(envelope.genesis, genesis)) return { type: "refused", reason: "other-chain" };
  if (envelope.protocol !== PROTOCOL_VERSION) {
    const detail = `it speaks version ${envelope.protocol}, this node ${PROTOCOL_VERSION}`;
    return { type: "refused", reason: "other-protocol", detail };
  }
  const hello = decodeWith(Hello, bytes);
  if (hello === undefined) return { type: "refused", reason: "not-aethel" };
  const mismatch = findVersionMismatch(hello.versions, versions);
  if (mismatch !== undefined) return { type: "refused", ...mismatch };
  const claim = claimOf(hello, { genesis, parties });
  const reason = findHelloDefect(hello, { genesis, claim, names: directory.names });
  return reason === undefined ? { type: "accepted", hello, claim } : { type: "refused", reason };
}

function decodeWith<T>(
  codec: { readonly decode: (bytes: Uint8Array) => T },
  bytes: Uint8Array,
): T | undefined {
  try {
    return codec.decode(bytes);
  } catch {
    return undefined;
  }
}
