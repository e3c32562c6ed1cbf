/** Message between the nodes of a bench, with an `id`. */
export interface Note {
  readonly kind: NoteKind;
  readonly id: number;
}

/** Kind of a message: a vote and a block are answered by an `ack`; proofs are counted. */
export type NoteKind = (typeof NOTE_KINDS)[number];

export const NOTE_KINDS = ["vote", "block", "ack", "proof"] as const;

/** Kinds of nodes that are measured side by side. */
export type NodeKind = (typeof NODE_KINDS)[number];

export const NODE_KINDS = ["aethel", "gossipsub", "tcp"] as const;

/** One node of a network, of any kind. */
export interface BenchNode {
  /** Returns the addresses at which others can dial it. */
  readonly addresses: () => readonly string[];
  /** Returns the number of others that a broadcast reaches. */
  readonly reached: () => number;
  readonly broadcast: (note: Note) => void;
  readonly stop: () => Promise<void>;
}

/** Options of a node. */
export interface BenchNodeOptions {
  /** Index of the node; nodes with lower ones are dialed. */
  readonly index: number;
  readonly count: number;
  readonly dial: readonly string[];
  /** Called for each note. `reply` sends to its sender, or to all where there is no other way. */
  readonly onNote: (note: Note, reply: (note: Note) => void) => void;
}

/** Bytes of the smallest consensus message, of a proof, and of a proposal with a block of 1 MB. */
export const NOTE_BYTES: Readonly<Record<NoteKind, number>> = {
  vote: 150,
  ack: 150,
  proof: 500,
  block: 1_000_700,
};

/** Encodes a note with the length of the message that it stands for. */
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
