import type { Place, TypedContract } from "./typed-contract.ts";

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
