import { type ChainParameters, ITEMS_MAX, signersOf } from "@aethel/models";
import type { SizedProof } from "../admission/admission.ts";
import { chargedUnits } from "../fees/units.ts";
import { type BlockRoom, roomOf } from "../metering/block-room.ts";
import { growthOfSigners } from "../metering/growth.ts";
import { type BlockMeter, createMeter, type Load } from "../metering/meter.ts";
import { costOf } from "../metering/units.ts";
import type { Judgement } from "../programs/judge-port.ts";
import { type Refusal, refusal } from "../results/refusal.ts";
import type { ExecutedProof } from "./execute-proof.ts";
import type { WireProof, WireRoom } from "./wire-room.ts";

/** Budget of one block: items, bytes, Judge's units, execution units and growth of the state. */
export interface BlockBudget {
  /** Capacity that is left in the block for proofs. */
  readonly room: BlockRoom;
  /** Meter of the block's execution units and growth. Running a proof subtracts its use from it. */
  readonly meter: BlockMeter;
  /** Refuses a proof for which the block has too little left. Subtracts nothing. */
  refuse(sized: SizedProof, judgement: Judgement | undefined): Refusal | undefined;
  /**
   * Subtracts what an executed proof used. The caller MUST NOT pass a proof that `refuse` refused.
   */
  take(sized: SizedProof, executed: ExecutedProof): void;
}

/**
 * Creates the budget of a block without proofs. `opened`: execution units that checking the
 * parent's certificate and the evidence takes.
 */
export function createBlockBudget(
  { opened, wire }: { readonly opened: number; readonly wire: WireRoom },
  parameters: ChainParameters,
): BlockBudget {
  const { blockUnitsMax: unitsMax, stateGrowthMax: growthMax } = parameters;
  const meter = createMeter({ unitsMax, growthMax, opened });
  const all = roomOf(parameters, meter.left.units);
  let { bytes: bytesLeft, judging: resourceLeft } = all;
  let count = 0;
  return {
    meter,
    room: {
      all,
      left: () => ({
        bytes: Math.max(0, Math.min(bytesLeft, wire.left)),
        judging: resourceLeft,
        ...meter.left,
      }),
      isFirstCall: (program) => meter.isFirstCall(program),
    },
    refuse: (sized, judgement) => {
      if (count >= ITEMS_MAX || !wire.fits(onWire(sized))) {
        return refusal("block-full", "the block has no room for another proof");
      }
      const claim = claimOf(sized, judgement);
      if (claim.bytes > bytesLeft || claim.resource > resourceLeft) {
        return refusal("block-full", "the block has no bytes or resource left for it");
      }
      if (!meter.fits(loadOf(sized))) {
        return refusal("block-full", "the block has no units or room in the state left for it");
      }
      return undefined;
    },
    take: (sized, executed) => {
      const { body } = sized.proof;
      meter.take(executed);
      wire.take(onWire(sized));
      bytesLeft -= sized.bytes + executed.storedBytes;
      if (body.type !== "invoke") resourceLeft -= executed.result.resource;
      count += 1;
    },
  };
}

function onWire({ proof, bytes }: SizedProof): WireProof {
  return { bytes, kind: proof.body.type };
}

/**
 * Returns the most bytes and Judge's units that a proof may take of its block. The bytes include
 * the proof's certificate, since every node stores it.
 */
function claimOf(
  { proof, bytes }: SizedProof,
  judgement: Judgement | undefined,
): { readonly bytes: number; readonly resource: number } {
  const { resourceLimit } = proof.body;
  if (proof.body.type === "invoke") return { bytes, resource: 0 };
  if (judgement?.type !== "judged") return { bytes, resource: resourceLimit };
  const resource = chargedUnits(judgement, resourceLimit);
  return { bytes: bytes + (judgement.certificate?.length ?? 0), resource };
}

/**
 * Returns the most execution units and growth of a proof. Not included: loading the program, the
 * writes of the called program, and the record of a claim.
 */
function loadOf({ proof: { body }, bytes }: SizedProof): Load {
  return { units: costOf({ body, bytes }), growth: growthOfSigners(signersOf(body).length) };
}
