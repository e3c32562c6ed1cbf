import {
  accuracyOf,
  detailText,
  type IntentView,
  RESULT_CODES,
  type Receipt,
  type TheoremRecord,
  type ValidatorView,
} from "@aethel/ledger";
import {
  type BlockHeader,
  type Digest,
  ledgerHeader,
  type QuorumCertificate,
  toHex,
} from "@aethel/models";
import type {
  BlockBody,
  IntentBody,
  ReceiptBody,
  SlashBody,
  TheoremBody,
  ValidatorBody,
} from "./api.ts";
import { callBody, type FindIntent } from "./call-json.ts";

/**
 * Converts a receipt to JSON. `find` looks up the contract of a call, so that its places and events
 * get the names of the source. Undefined: they are given as bytes only.
 */
export function receiptBody(receipt: Receipt, find?: FindIntent): ReceiptBody {
  const name = Object.entries(RESULT_CODES).find(([, code]) => code === receipt.errorCode)?.[0];
  return {
    hash: toHex(receipt.proofHash),
    sequence: receipt.sequence,
    index: receipt.index,
    kind: receipt.kind,
    author: toHex(receipt.author),
    verdict: receipt.verdict,
    trust: receipt.trust,
    outcome: receipt.outcome,
    difficulty: receipt.difficulty,
    resource: receipt.resource,
    fee: receipt.fee.toString(),
    burned: receipt.burned.toString(),
    tip: receipt.tip.toString(),
    deposit: String(receipt.depositPaid - receipt.depositReturned),
    calls: receipt.calls.map((call) => callBody(call, find)),
    errorCode: name ?? String(receipt.errorCode),
    detail: detailText(receipt),
  };
}

/** Converts a block to JSON. The JSON has the receipts of the proofs in place of the proofs. */
export function blockBody(options: {
  readonly header: BlockHeader;
  readonly digest: Digest;
  readonly certificate: QuorumCertificate | undefined;
  readonly receipts: readonly Receipt[];
  readonly slashes: readonly SlashBody[];
}): BlockBody {
  const { header, digest, certificate, receipts, slashes } = options;
  const own = ledgerHeader(header);
  const body: BlockBody = {
    sequence: header.sequence,
    digest: toHex(digest),
    parent: toHex(header.parent),
    timestamp: header.timestamp,
    proposer: toHex(header.proposer),
    stateRoot: toHex(own.stateRootAfter),
    supply: own.supplyAfter.toString(),
    totalDifficulty: own.totalDifficulty,
    proofs: receipts.map((receipt) => receiptBody(receipt)),
    slashes: [...slashes],
  };
  if (certificate === undefined) return body;
  const signers = certificate.signers.filter(Boolean).length;
  return { ...body, certificate: { view: certificate.view, signers } };
}

/** Converts a validator to JSON. */
export function validatorBody(view: ValidatorView): ValidatorBody {
  return {
    id: toHex(view.id),
    key: toHex(view.key),
    ...(view.nextKey === undefined ? {} : { nextKey: toHex(view.nextKey) }),
    power: view.power.toString(),
    stake: view.stake.toString(),
    status: view.status,
    rewards: view.rewards.toString(),
    tips: view.tips.toString(),
    unbonding: view.unbonding.reduce((sum, { amount }) => sum + amount, 0n).toString(),
    accuracy: accuracyOf(view),
    offences: view.offences,
    slashed: view.slashed.toString(),
  };
}

/** Converts the record of a theorem to JSON. */
export function theoremBody(digest: Digest, record: TheoremRecord): TheoremBody {
  return {
    digest: toHex(digest),
    author: toHex(record.author),
    sequence: record.sequence,
    difficulty: record.difficulty,
    resource: record.resource,
    judgeVersion: record.judgeVersion,
    ...trustBody(record),
  };
}

function trustBody({
  trust,
  certification,
}: Pick<TheoremRecord, "trust" | "certification">): Pick<TheoremBody, "trust" | "certification"> {
  if (certification === undefined) return { trust };
  const { kernelVersion, certificateHash } = certification;
  return { trust, certification: { kernelVersion, certificateHash: toHex(certificateHash) } };
}

/** Converts an intent to JSON, without its text. */
export function intentBody(view: IntentView): IntentBody {
  return {
    digest: toHex(view.digest),
    name: view.name,
    author: toHex(view.author),
    difficulty: view.difficulty,
    judgeVersion: view.judgeVersion,
    sequence: view.sequence,
    origin: view.origin,
    ...trustBody(view),
    parameters: view.parameters.map((parameter) => ({ ...parameter })),
  };
}
