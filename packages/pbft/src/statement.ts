import {
  type Commit,
  type ConsensusMessage,
  type Digest,
  type NewView,
  type PrePrepare,
  type Prepare,
  type Proposal,
  type Sequence,
  type Signer,
  signableProposal,
  signableViewChange,
  signableVote,
  type ValidatorIndex,
  type ViewChange,
} from "@aethel/models";

/** Proposal without its leader's signature. */
export type UnsignedProposal = Omit<Proposal, "signature">;

/** Message before it is signed, as the engine passes it to the driver. */
export type Statement =
  | ({ readonly type: "pre-prepare"; readonly proposal: UnsignedProposal } & Pick<
      PrePrepare,
      "outline"
    >)
  | ({ readonly type: "prepare" } & Omit<Prepare, "signature">)
  | ({ readonly type: "commit" } & Omit<Commit, "signature">)
  | ({ readonly type: "view-change" } & Omit<ViewChange, "signature">)
  | ({ readonly type: "new-view"; readonly proposal: UnsignedProposal } & Omit<
      NewView,
      "proposal"
    >);

/**
 * Signs a statement. Ed25519 is deterministic, so signing it again after a restart gives the same
 * message.
 */
export function signStatement(options: {
  readonly statement: Statement;
  readonly genesis: Digest;
  readonly signer: Signer;
}): ConsensusMessage {
  const { statement, genesis, signer } = options;
  switch (statement.type) {
    case "pre-prepare":
    case "new-view": {
      const { proposal } = statement;
      const signature = signer.sign(signableProposal(genesis, proposal));
      return { ...statement, proposal: { ...proposal, signature } };
    }
    case "prepare":
    case "commit":
      return {
        ...statement,
        signature: signer.sign(signableVote(statement.type, genesis, statement)),
      };
    case "view-change":
      return { ...statement, signature: signer.sign(signableViewChange(genesis, statement.body)) };
  }
}

/** Returns the sequence of a message. */
export function sequenceOf(message: ConsensusMessage | Statement): Sequence {
  switch (message.type) {
    case "pre-prepare":
    case "new-view":
      return message.proposal.sequence;
    case "prepare":
    case "commit":
      return message.sequence;
    case "view-change":
      return message.body.sequence;
  }
}

/** Returns the view of a message. For a ViewChange, it is the requested view. */
export function viewOf(message: ConsensusMessage): number {
  switch (message.type) {
    case "pre-prepare":
    case "new-view":
      return message.proposal.view;
    case "prepare":
    case "commit":
      return message.view;
    case "view-change":
      return message.body.newView;
  }
}

/** Returns the index of the signer that a message names. The signature is not checked here. */
export function signerOf(message: ConsensusMessage): ValidatorIndex {
  return message.type === "pre-prepare" || message.type === "new-view"
    ? message.proposal.leader
    : message.voter;
}
