import { KEY_KIND, OffenceRecord } from "@aethel/ledger";
import { equalBytes, type StateTransition, toHex } from "@aethel/models";
import type { Convict } from "./correlation.ts";
import type { Held } from "./held-stake.ts";

/** Micro-tokens that one offence costs in one block. */
export interface Cost {
  readonly id: string;
  readonly convict: Convict | undefined;
  amount: bigint;
}

/**
 * Returns what is wrong if the offence records that a block wrote do not fit its costs. Each
 * offence has a record of its own. A later block may only raise the amount in the record, by what
 * that block took for the offence. Undefined if nothing is wrong.
 */
export function findWrongRecord(
  { changes }: StateTransition,
  costs: readonly Cost[],
): string | undefined {
  const written = changes.filter(({ key }) => key[0] === KEY_KIND.offence);
  const found: string[] = [];
  for (const { before, after } of written) {
    if (after === undefined) return "an offence record was removed";
    const record = OffenceRecord.decode(after);
    const was = before === undefined ? undefined : OffenceRecord.decode(before);
    const isSame = was === undefined || equalBytes(was.validator, record.validator);
    if (!isSame || was?.sequence !== (was && record.sequence)) {
      return "an offence record was written over";
    }
    found.push(`${toHex(record.validator)} ${record.slashed - (was?.slashed ?? 0n)}`);
  }
  const [has, should] = [found, costs.map(({ id, amount }) => `${id} ${amount}`)].map((list) =>
    list.toSorted(byCodeUnit).join(),
  );
  return has === should ? undefined : `offences cost ${has} in the records, and should ${should}`;
}

/**
 * Returns what is wrong if an honest validator has an offence or is ejected, if a validator is
 * jailed without absence, or if a convicted one is not ejected.
 */
export function findWrongStatus(about: {
  readonly before: Held;
  readonly after: Held;
  readonly honest: ReadonlySet<string>;
}): string | undefined {
  for (const [id, { record }] of about.after) {
    if (record === undefined) continue;
    const who = id.slice(0, 8);
    if (about.honest.has(id) && (record.offences > 0 || record.slashed > 0n)) {
      return `${who} has offences, and is honest`;
    }
    const was = about.before.get(id)?.record?.status;
    if (record.status === "jailed" && was !== "jailed" && record.absent === 0) {
      return `${who} is jailed, and was not absent`;
    }
    if (record.status === "ejected" && about.honest.has(id)) {
      return `${who} is ejected, and is honest`;
    }
    if (record.convictedAt !== undefined && record.status !== "ejected") {
      return `${who} is convicted and ${record.status}`;
    }
  }
  return undefined;
}

function byCodeUnit(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
