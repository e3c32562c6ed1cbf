import type { Place, TypedContract } from "./typed-contract.ts";
import type { Typed } from "./typed-expression.ts";

/** Returns a place in the words of the source, without its keys: `deals.open`, `vault.balance`. */
export function printPlaceOf(place: Place, contract: TypedContract): string {
  switch (place.type) {
    case "holding":
      return place.asset === "" ? "balance" : `balance[${place.asset}]`;
    case "supply":
      return `supply[${place.asset}]`;
    case "vault":
      return place.asset === "" ? "vault.balance" : `vault.balance[${place.asset}]`;
    case "scalar": {
      const type = contract.scalars.find((one) => one.name === place.name)?.type;
      return `${place.name}${fieldName(type, place.field)}`;
    }
    case "cell": {
      const type = contract.maps.find((one) => one.name === place.map)?.value;
      return `${place.map}[...]${fieldName(type, place.field)}`;
    }
  }
}

function fieldName(
  type: TypedContract["scalars"][number]["type"] | undefined,
  field: number | undefined,
): string {
  if (field === undefined || type?.kind !== "record") return "";
  return `.${type.fields[field]?.name ?? ""}`;
}

/**
 * Returns one part of a stored place in the words of the source, with its account or keys where
 * they are short: `d.payer.balance`, `deals[id].amount`. `part` is the index of a field if a whole
 * record is stored.
 */
export function printStoredPart(place: Place, contract: TypedContract, part: number): string {
  switch (place.type) {
    case "holding": {
      const field = place.asset === "" ? "balance" : `balance[${place.asset}]`;
      return `${printShort(place.account)}.${field}`;
    }
    case "scalar": {
      const type = contract.scalars.find((one) => one.name === place.name)?.type;
      return `${place.name}${fieldName(type, place.field ?? part)}`;
    }
    case "cell": {
      const type = contract.maps.find((one) => one.name === place.map)?.value;
      const keys = place.keys.map((key) => `[${printShort(key)}]`).join("");
      return `${place.map}${keys}${fieldName(type, place.field ?? part)}`;
    }
    default:
      return printPlaceOf(place, contract);
  }
}

/** Returns a name, or a field of one, as it is written; `...` for all other expressions. */
function printShort(typed: Typed): string {
  if (typed.type === "local") return typed.name;
  if (typed.type === "scalar") return typed.name;
  if (typed.type === "literal" && typed.of.kind === "number") return String(typed.value);
  if (typed.type !== "project") return "...";
  const record = printShort(typed.record);
  return record === "..." ? record : `${record}.${typed.of.fields[typed.at]?.name ?? ""}`;
}
