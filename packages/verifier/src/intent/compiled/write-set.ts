import type { CheckedIntent } from "../../language/check/check.ts";
import { checkExpression } from "../../language/check/check-expression.ts";
import { type DeclaredAsset, holdingName } from "../../language/syntax/assets.ts";
import { type FieldName, isFieldName } from "../../language/syntax/fields.ts";
import type { Assignment } from "../../language/syntax/syntax.ts";

/** What an intent may do to one field of one of its accounts. */
export interface Write {
  /** The parameter that names the account. */
  readonly parameter: string;
  readonly field: FieldName;
  /** Of which declared asset; the native one when absent. */
  readonly asset?: DeclaredAsset;
  readonly increase: boolean;
  readonly decrease: boolean;
}

/**
 * What an intent may write, in the order of first mention. It is read off the syntax and errs to
 * the wide side: a `+=` of something that may be negative may decrease.
 */
export function writeSetOf(checked: CheckedIntent): readonly Write[] {
  const writes = new Map<string, Write>();
  for (const statement of checked.intent.effect) {
    // What may happen to a supply is said by the word before the intent.
    if (statement.type !== "assignment" || statement.target.type === "supply") continue;
    const { account, field } = statement.target;
    if (!isFieldName(field.text)) continue;
    const asset = checked.assets.find((one) => one.name === statement.target.asset?.text);
    const direction = directionOf(statement, checked);
    const key = `${account.text}.${holdingName(statement.target)}`;
    const known = writes.get(key);
    writes.set(key, {
      parameter: account.text,
      field: field.text,
      ...(asset === undefined ? {} : { asset }),
      increase: direction.increase || known?.increase === true,
      decrease: direction.decrease || known?.decrease === true,
    });
  }
  return [...writes.values()];
}

function directionOf(
  statement: Assignment,
  checked: CheckedIntent,
): { readonly increase: boolean; readonly decrease: boolean } {
  if (statement.operator === "=") return { increase: true, decrease: true };
  // The checker has passed: nothing is left to report.
  const assets = new Map(checked.assets.map((asset) => [asset.name, asset]));
  const scope = { names: checked.shapes, assets, report: () => undefined };
  const { natural } = checkExpression(statement.value, scope);
  return statement.operator === "+="
    ? { increase: true, decrease: !natural }
    : { increase: !natural, decrease: true };
}
