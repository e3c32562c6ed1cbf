/** What the nodes of a bench tell each other; `id` says which one it is. */
export interface Note {
  readonly kind: NoteKind;
  readonly id: number;
}

/** A vote and a block are answered by an `ack`; proofs are counted. */
export type NoteKind = (typeof NOTE_KINDS)[number];

export const NOTE_KINDS = ["vote", "block", "ack", "proof"] as const;

/** Names of what is measured side by side. */
export type NodeKind = (typeof NODE_KINDS)[number];

export const NODE_KINDS = ["aethel", "gossipsub", "tcp"] as const;

/** One node of a network, of whatever kind. */
export interface BenchNode {
  /** Where others can dial it. */
  readonly addresses: () => readonly string[];
  /** How many others a broadcast reaches. */
  readonly reached: () => number;
  readonly broadcast: (note: Note) => void;
  readonly stop: () => Promise<void>;
}

/** What a node needs to start. */
export interface BenchNodeOptions {
  /** Its place among all; those before it are dialed. */
  readonly index: number;
  readonly count: number;
  readonly dial: readonly string[];
  /** `reply` goes to whoever sent the note, or to all where there is no other way. */
  readonly onNote: (note: Note, reply: (note: Note) => void) => void;
}

/** Bytes of the smallest consensus message, of a proof, and of a proposal with a block of 1 MB. */
export const NOTE_BYTES: Readonly<Record<NoteKind, number>> = {
  vote: 150,
  ack: 150,
  proof: 500,
  block: 1_000_700,
};

/** A note as bytes, as long as what it stands for. */
export function encodeNote({ kind, id }: Note): Uint8Array {
  const bytes = new Uint8Array(NOTE_BYTES[kind]);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, NOTE_KINDS.indexOf(kind));
  view.setUint32(1, id);
  return bytes;
}

export function decodeNote(bytes: Uint8Array): Note {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const kind = NOTE_KINDS[view.getUint8(0)];
  if (kind === undefined || bytes.length !== NOTE_BYTES[kind]) throw new Error("not a note");
  return { kind, id: view.getUint32(1) };
}
