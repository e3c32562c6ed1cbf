import {
  type CertifiedHeader,
  type SyncRequest,
  type SyncResponse,
  sha256,
  toDigest,
  toSequence,
} from "@aethel/models";
import fc from "fast-check";
import type { SyncChain } from "./sync-chain.ts";

/** Treatment of one request by a liar. */
export interface Deed {
  readonly how:
    | "right"
    | "absent"
    | "hang"
    | "drip"
    | "break"
    | "other-chain"
    | "twin"
    | "spoilt"
    | "short"
    | "elsewhere"
    | "invented"
    | "other-type";
  /** Milliseconds by which the answer is late. */
  readonly lateMs: number;
}

/** Liar: its deeds for each kind of request, one after the other; the last one is repeated. */
export type Liar = Readonly<Record<SyncRequest["type"], readonly Deed[]>>;

const HOWS = [
  "right",
  "absent",
  "hang",
  "drip",
  "break",
  "other-chain",
  "twin",
  "spoilt",
  "short",
  "elsewhere",
  "invented",
  "other-type",
] as const;

const deed: fc.Arbitrary<Deed> = fc.record({
  how: fc.constantFrom(...HOWS),
  lateMs: fc.constantFrom(0, 0, 0, 50, 900, 5_000, 9_000),
});
const deeds = fc.array(deed, { minLength: 1, maxLength: 6 });

/** Liars that a generator draws. Half of them answer one kind of request with lies alone. */
export const liars: fc.Arbitrary<Liar> = fc.record({
  block: fc.constant([{ how: "absent", lateMs: 0 } as const]),
  blocks: fc.constant([{ how: "absent", lateMs: 0 } as const]),
  items: fc.constant([{ how: "absent", lateMs: 0 } as const]),
  evidence: fc.constant([{ how: "absent", lateMs: 0 } as const]),
  "signed-head": fc.constant([{ how: "absent", lateMs: 0 } as const]),
  head: deeds,
  headers: deeds,
  updates: deeds,
  snapshots: fc.oneof(deeds, fc.constant([{ how: "right", lateMs: 0 } as const])),
  "snapshot-head": fc.oneof(deeds, fc.constant([{ how: "right", lateMs: 0 } as const])),
  "snapshot-chunk": deeds,
});

/** A liar that serves another chain to the end, as well as an honest peer serves the true one. */
export const impostor: Liar = always("other-chain");
/** A liar whose headers have the parents of the true blocks, and other keys and states. */
export const twin: Liar = { ...always("twin"), headers: [{ how: "right", lateMs: 0 }] };

function always(how: Deed["how"]): Liar {
  const all = [{ how, lateMs: 0 }];
  return {
    block: all,
    blocks: all,
    items: all,
    evidence: all,
    "signed-head": all,
    head: all,
    headers: all,
    updates: all,
    snapshots: all,
    "snapshot-head": all,
    "snapshot-chunk": all,
  };
}

/** Spoils an honest answer. `other`: the answer of another chain to the same request. */
export function lie(
  how: Deed["how"],
  {
    right,
    other,
    chain,
    request,
  }: {
    readonly right: SyncResponse;
    readonly other: SyncResponse;
    readonly chain: SyncChain;
    readonly request: SyncRequest;
  },
): SyncResponse {
  switch (how) {
    case "right":
    case "hang":
    case "drip":
    case "break":
      return right;
    case "absent":
      return { type: "absent", head: toSequence(chain.length) };
    case "other-chain":
    case "twin":
      return other;
    case "other-type":
      return { type: "blocks", blocks: [] };
    case "spoilt":
      return spoil(right);
    case "short":
      return shorten(right);
    case "elsewhere":
      return elsewhere(right, chain, request);
    case "invented":
      return invent(right, chain);
  }
}

function spoil(response: SyncResponse): SyncResponse {
  if (response.type === "snapshot-chunk") return { ...response, chunk: flip(response.chunk) };
  if (response.type === "updates") return { ...response, updates: response.updates.map(forge) };
  if (response.type === "headers") {
    const headers = response.headers.map((header) => ({
      ...header,
      application: flip(header.application),
    }));
    return { ...response, headers };
  }
  if (response.type === "snapshots") {
    const offers = response.offers.map((offer) => ({
      ...offer,
      digest: toDigest(flip(offer.digest)),
    }));
    return { ...response, offers };
  }
  if (response.type !== "snapshot-head") return response;
  return {
    ...response,
    head: { ...response.head, nextValidators: flip(response.head.validators) },
  };
}

function shorten(response: SyncResponse): SyncResponse {
  if (response.type === "snapshot-chunk")
    return { ...response, chunk: response.chunk.slice(0, 40) };
  if (response.type === "updates") return { ...response, updates: response.updates.slice(0, 1) };
  if (response.type === "headers") return { ...response, headers: response.headers.slice(-1) };
  if (response.type === "snapshots") return { ...response, offers: [] };
  return response;
}

/** Right, but of another place: another range, only the last header, falling heights. */
function elsewhere(response: SyncResponse, chain: SyncChain, request: SyncRequest): SyncResponse {
  if (response.type === "snapshot-chunk" && request.type === "snapshot-chunk") {
    const from = chain.paths.at(-1) ?? request.from;
    return { ...response, chunk: chain.chunkAt(request.sequence, from) ?? response.chunk };
  }
  if (response.type === "updates") return { ...response, updates: response.updates.slice(-1) };
  if (response.type === "headers") return { ...response, headers: response.headers.toReversed() };
  if (response.type === "head") return { ...response, sequence: toSequence(3) };
  if (response.type === "snapshot-head") return { ...response, head: chain.headOf(1) };
  return response;
}

/** Endless headers, heights that nobody has, snapshots that do not exist. */
function invent(response: SyncResponse, chain: SyncChain): SyncResponse {
  const far = 2 ** 40;
  if (response.type === "head") {
    return { ...response, sequence: toSequence(far), oldest: toSequence(far - 1) };
  }
  if (response.type === "snapshots") {
    const offers = [1, 2, 3].map((at) => ({
      sequence: toSequence(chain.length - 3 + at),
      digest: sha256(new Uint8Array([at])),
      entries: 1,
      bytes: at,
    }));
    return { ...response, offers };
  }
  if (response.type === "updates") {
    const [first] = response.updates;
    if (first === undefined) return response;
    const updates = Array.from({ length: 256 }, (_, at) => {
      const sequence = toSequence(first.header.sequence + at);
      return { ...first, header: { ...first.header, sequence } };
    });
    return { ...response, updates };
  }
  return spoil(response);
}

function forge(update: CertifiedHeader): CertifiedHeader {
  const digest = toDigest(flip(update.certificate.digest));
  return { ...update, certificate: { ...update.certificate, digest } };
}

function flip(bytes: Uint8Array): Uint8Array {
  return bytes.map((byte, at) => (at === bytes.length - 1 ? byte ^ 1 : byte));
}
