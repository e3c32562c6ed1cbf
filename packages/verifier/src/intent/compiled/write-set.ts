import type { CheckedIntent } from "../../language/check/check.ts";
import { checkExpression } from "../../language/check/check-expression.ts";
import { type DeclaredAsset, holdingName } from "../../language/syntax/assets.ts";
import { type FieldName, isFieldName } from "../../language/syntax/fields.ts";
import type { Assignment } from "../../language/syntax/syntax.ts";

/** Permission of an intent to change one field of one of its accounts. */
export interface Write {
  /** Parameter that names the account. */
  readonly parameter: string;
  readonly field: FieldName;
  /** Declared asset. Absent for the native asset. */
  readonly asset?: DeclaredAsset;
  readonly increase: boolean;
  readonly decrease: boolean;
}

/**
 * Derives the fields that an intent may write, in the order of first mention. Uses only the syntax,
 * so the result may contain more than a run can write: a `+=` of a value that may be negative also
 * counts as a decrease.
 */
export function writeSetOf(checked: CheckedIntent): readonly Write[] {
  const writes = new Map<string, Write>();
  for (const statement of checked.intent.effect) {
    // The word before `intent` says what may happen to a supply.
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
  // The checker has passed, so no fault can be reported here.
  const assets = new Map(checked.assets.map((asset) => [asset.name, asset]));
  const scope = { names: checked.shapes, assets, report: () => undefined };
  const { natural } = checkExpression(statement.value, scope);
  return statement.operator === "+="
    ? { increase: true, decrease: !natural }
    : { increase: !natural, decrease: true };
}
