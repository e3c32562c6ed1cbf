/**
 * Configuration of the abstract model at one sequence.
 *
 * Values stand for blocks. `2 * leader + 1` is the new block of a leader. A Byzantine leader can
 * make a second one, `2 * leader + 2`.
 */
export interface ModelConfig {
  readonly powers: readonly number[];
  readonly byzantine: number;
  /** Leader of each view that is explored. */
  readonly leaders: readonly number[];
}

/** Lock: a value that is prepared in a view. */
export interface ModelLock {
  readonly view: number;
  readonly value: number;
}

/**
 * Message of an honest node. A `request` is a ViewChange. `votes` are the requests that a real
 * NewView shows.
 */
export type ModelMessage =
  | { readonly type: "propose"; readonly node: number; readonly view: 0; readonly value: number }
  | {
      readonly type: "prepare" | "commit";
      readonly node: number;
      readonly view: number;
      readonly value: number;
    }
  | {
      readonly type: "request";
      readonly node: number;
      readonly view: number;
      readonly lock: ModelLock | undefined;
    }
  | {
      readonly type: "new-view";
      readonly node: number;
      readonly view: number;
      readonly value: number;
      readonly votes?: readonly ModelVote[];
    };

/** A request as a NewView shows it: its sender and the lock that it names. */
export interface ModelVote {
  readonly node: number;
  readonly lock: ModelLock | undefined;
}

/**
 * All messages of honest nodes, in one array of small numbers. For each node and view it has the
 * PREPARE and the COMMIT (the value, or 0 for none) and the request (0 for none, 1 for one without
 * a lock, otherwise the packed lock). After them, for each view, comes the proposal of an honest
 * leader.
 */
export type ModelState = Uint8Array;

const KINDS = { prepare: 0, commit: 1, request: 2 } as const;
type Kind = keyof typeof KINDS;

/** Returns the state in which no message was sent. */
export function emptyModel({ powers, leaders }: ModelConfig): ModelState {
  return new Uint8Array(powers.length * leaders.length * 3 + leaders.length);
}

/** Returns the state with one more message. */
export function said(config: ModelConfig, state: ModelState, message: ModelMessage): ModelState {
  const next = state.slice();
  const { type, node, view } = message;
  switch (type) {
    case "propose":
    case "new-view":
      next[proposalCell(config, view)] = message.value;
      return next;
    case "prepare":
    case "commit":
      next[cell(config, type, node, view)] = message.value;
      return next;
    case "request":
      next[cell(config, type, node, view)] = packLock(message.lock);
      return next;
  }
}

/** Returns whether exactly this message was sent. */
export function isSaid(config: ModelConfig, state: ModelState, message: ModelMessage): boolean {
  const { type, node, view } = message;
  if (type === "propose" || type === "new-view") {
    return config.leaders[view] === node && proposalAt(config, state, view) === message.value;
  }
  const content = type === "request" ? packLock(message.lock) : message.value;
  return state[cell(config, type, node, view)] === content;
}

/** Returns the highest view in which a node has voted, or to which it has asked to change. */
export function reached(config: ModelConfig, state: ModelState, node: number): number {
  for (let view = config.leaders.length - 1; view > 0; view--) {
    const spoke = (["prepare", "commit", "request"] as const).some(
      (kind) => (state[cell(config, kind, node, view)] ?? 0) !== 0,
    );
    if (spoke) return view;
  }
  return 0;
}

/** Returns all messages of a view as numbers, its proposal last. */
export function saidIn(config: ModelConfig, state: ModelState, view: number): readonly number[] {
  const nodes = [...config.powers.keys()];
  const kinds = ["request", "prepare", "commit"] as const;
  const votes = kinds.flatMap((kind) => nodes.map((node) => cell(config, kind, node, view)));
  return [...votes, proposalCell(config, view)].map((at) => state[at] ?? 0);
}

/** Returns each node's vote in a view; 0: none. */
export function votesIn(
  config: ModelConfig,
  state: ModelState,
  kind: "prepare" | "commit",
  view: number,
): readonly number[] {
  return [...config.powers.keys()].map((node) => state[cell(config, kind, node, view)] ?? 0);
}

/** Returns the same state with the Byzantine node's two blocks exchanged. */
export function mirrored(config: ModelConfig, state: ModelState): ModelState {
  const one = 2 * config.byzantine + 1;
  const swap = (value: number): number =>
    value === one ? one + 1 : value === one + 1 ? one : value;
  const requests = config.powers.length * config.leaders.length * 2;
  const proposals = config.powers.length * config.leaders.length * 3;
  return state.map((content, at) => {
    if (at < requests || at >= proposals) return swap(content);
    const lock = unpackLock(content);
    return lock === undefined ? content : packLock({ ...lock, value: swap(lock.value) });
  });
}

/** Returns a node's message of one kind in one view, as the state has it; 0: none. */
export function contentAt(
  config: ModelConfig,
  state: ModelState,
  { type, node, view }: { readonly type: Kind; readonly node: number; readonly view: number },
): number {
  return state[cell(config, type, node, view)] ?? 0;
}

function cell({ powers, leaders }: ModelConfig, kind: Kind, node: number, view: number): number {
  return (KINDS[kind] * powers.length + node) * leaders.length + view;
}

function proposalCell({ powers, leaders }: ModelConfig, view: number): number {
  return powers.length * leaders.length * 3 + view;
}

/** Returns the value that an honest leader proposed in a view; 0: none. */
export function proposalAt(config: ModelConfig, state: ModelState, view: number): number {
  return state[proposalCell(config, view)] ?? 0;
}

const VALUES_MAX = 16;

/** Packs the lock of a request into a number from 1 on; 1 means that nothing was prepared. */
export function packLock(lock: ModelLock | undefined): number {
  return lock === undefined ? 1 : 2 + lock.view * VALUES_MAX + lock.value;
}

/** Unpacks the lock of a request. Undefined if it names none, and if there is no request. */
export function unpackLock(content: number): ModelLock | undefined {
  if (content < 2) return undefined;
  return { view: Math.floor((content - 2) / VALUES_MAX), value: (content - 2) % VALUES_MAX };
}
