import { concatBytes, type Digest, sha256, toAssetId, toHex } from "@aethel/models/primitives";
import { type DeclaredAsset, declaredAsset } from "../../language/syntax/assets.ts";
import type {
  Contract,
  ContractIntent,
  ContractMember,
  EnumDeclaration,
  RecordDeclaration,
} from "../../language/syntax/contract.ts";
import { LANGUAGE_LIMITS } from "../../language/syntax/limits.ts";
import type { Name, Parameter } from "../../language/syntax/syntax.ts";
import type { ContractAssetType, ContractParameter } from "../typed/typed-contract.ts";
import type { ArgumentType, RecordType, ScalarType, ValueType } from "../typed/value-types.ts";
import type { Declared, Report } from "./scope.ts";
import { withHint } from "./suggest.ts";

/** Names of the basic types. `Balance` is the older name of `Amount`. */
const basicTypes: ReadonlyMap<string, ScalarType> = new Map<string, ScalarType>([
  ["Account", { kind: "account" }],
  ["Amount", { kind: "amount" }],
  ["Balance", { kind: "amount" }],
  ["Int", { kind: "int" }],
  ["Bool", { kind: "bool" }],
  ["Digest", { kind: "digest" }],
]);

/** Tells whether a name is that of a built-in type, which a contract need not declare. */
export function isBasicType(name: string): boolean {
  return basicTypes.has(name) || name === "Signature";
}

/** Declarations of a contract other than constants, and the parameters of its intents. */
export interface Declarations {
  readonly declared: Map<string, Declared>;
  readonly parametersOf: ReadonlyMap<ContractIntent, readonly (ContractParameter | undefined)[]>;
}

/**
 * Collects what a contract declares. Each name has one meaning in the whole contract; a second
 * declaration is reported, and the name has no meaning then.
 */
export function declare(contract: Contract, report: Report): Declarations {
  const declared = new Map<string, Declared>();
  const repeated = repeatedNames(contract, report);
  const parametersOf = new Map<ContractIntent, readonly (ContractParameter | undefined)[]>();
  const add = (name: Name, what: Declared | undefined): void => {
    declared.set(name.text, repeated.has(name.text) ? faulty : (what ?? faulty));
  };
  const { members } = contract;
  // Enumerations first: fields of records have their types. Then the types of state and parameters.
  for (const one of members) if (one.type === "enum") add(one.name, declareEnum(one, report));
  for (const one of members) {
    if (one.type === "record") add(one.name, declareRecord(one, declared, report));
  }
  for (const member of members) {
    if (member.type === "intent") {
      const parameters = member.parameters.map((one) => declareParameter(one, declared, report));
      parametersOf.set(member, parameters);
      add(member.name, { type: "intent", parameters });
    } else declareMember(member, { declared, add, report });
  }
  return { declared, parametersOf };
}

const faulty: Declared = { type: "faulty" };

/** Reports each name that is declared again, and returns these names. */
function repeatedNames(contract: Contract, report: Report): ReadonlySet<string> {
  const seen = new Set<string>([...basicTypes.keys(), "Signature"]);
  const repeated = new Set<string>();
  for (const name of contract.members.flatMap(namesOf)) {
    if (seen.has(name.text)) {
      report("duplicate", name.span, `\`${name.text}\` is declared already`);
      repeated.add(name.text);
    }
    seen.add(name.text);
  }
  return repeated;
}

function namesOf(member: ContractMember): readonly Name[] {
  if (member.type === "uncovered") return [];
  return member.type === "state" ? member.entries.map((entry) => entry.name) : [member.name];
}

interface Declaring {
  readonly declared: ReadonlyMap<string, Declared>;
  readonly add: (name: Name, what: Declared | undefined) => void;
  readonly report: Report;
}

function declareMember(member: ContractMember, { declared, add, report }: Declaring): void {
  switch (member.type) {
    case "asset":
      add(member.name, {
        type: "asset",
        asset: placeholder(member.name.text, member.issuer?.text),
      });
      return;
    case "state":
      for (const entry of member.entries) {
        const value = typeNamed(entry.typeName, declared, report);
        if (entry.type === "scalar") add(entry.name, value && { type: "scalar", value });
        else {
          const keys = entry.keyTypes.flatMap((key) => keyType(key, declared, report) ?? []);
          const isWhole = keys.length === entry.keyTypes.length;
          add(entry.name, value && isWhole ? { type: "map", keys, value } : undefined);
        }
      }
      return;
    case "invariant":
    case "transition":
    case "exit":
      add(member.name, { type: "rule" });
      return;
    default:
      return;
  }
}

function declareEnum({ name, words, span }: EnumDeclaration, report: Report): Declared {
  const texts = words.map((word) => word.text);
  for (const [at, word] of words.entries()) {
    if (texts.indexOf(word.text) === at) continue;
    report("duplicate", word.span, `\`${word.text}\` is a word of \`${name.text}\` already`);
  }
  if (words.length === 0) report("missing", span, `\`${name.text}\` needs a word`);
  if (words.length > LANGUAGE_LIMITS.words) {
    report("limit", span, `an enumeration has at most ${LANGUAGE_LIMITS.words} words`);
  }
  return { type: "enum", of: { kind: "enum", name: name.text, words: texts } };
}

function declareRecord(
  { name, fields, span }: RecordDeclaration,
  declared: ReadonlyMap<string, Declared>,
  report: Report,
): Declared | undefined {
  const typed: { name: string; type: ScalarType }[] = [];
  let isWhole = true;
  for (const field of fields) {
    const { text } = field.name;
    if (typed.some((one) => one.name === text)) {
      report("duplicate", field.name.span, `\`${name.text}\` has a field \`${text}\` already`);
      isWhole = false;
    }
    if (text === "balance" || text === "stake") {
      report(
        "type",
        field.name.span,
        `\`${text}\` is a field of accounts, and cannot be one of a record`,
      );
      isWhole = false;
    }
    const type = scalarNamed(field.typeName, declared, report);
    if (type === undefined) isWhole = false;
    else typed.push({ name: text, type });
  }
  if (fields.length === 0) report("missing", span, `\`${name.text}\` needs a field`);
  if (fields.length > LANGUAGE_LIMITS.fields) {
    report("limit", span, `a record has at most ${LANGUAGE_LIMITS.fields} fields`);
  }
  const record: RecordType = { kind: "record", name: name.text, fields: typed };
  return isWhole && typed.length > 0 ? { type: "record", record } : undefined;
}

/**
 * Returns the type with this name. Reports an unknown name. Undefined for an unknown name and for a
 * type whose declaration is faulty.
 */
function typeNamed(
  name: Name,
  declared: ReadonlyMap<string, Declared>,
  report: Report,
): ValueType | undefined {
  const basic = basicTypes.get(name.text);
  if (basic !== undefined) return basic;
  const own = declared.get(name.text);
  if (own?.type === "enum") return own.of;
  if (own?.type === "record") return own.record;
  if (own?.type === "faulty") return undefined;
  if (name.text === "Signature") {
    report("type", name.span, "`Signature` is a type of parameters: none is stored");
    return undefined;
  }
  const candidates = (): readonly string[] => [
    ...basicTypes.keys(),
    ...[...declared].flatMap(([one, { type }]) =>
      type === "enum" || type === "record" ? [one] : [],
    ),
  ];
  const message = `the type \`${name.text}\` is not known`;
  const known = "`Account`, `Amount`, `Int`, `Bool`, `Digest` and what the contract declares";
  const others = `${message}; there are ${known}`;
  report("unknown-type", name.span, withHint(message, name.text, candidates, others));
  return undefined;
}

function scalarNamed(
  name: Name,
  declared: ReadonlyMap<string, Declared>,
  report: Report,
): ScalarType | undefined {
  const type = typeNamed(name, declared, report);
  if (type?.kind !== "record") return type;
  report("type", name.span, "a field of a record is no record");
  return undefined;
}

function keyType(
  name: Name,
  declared: ReadonlyMap<string, Declared>,
  report: Report,
): ScalarType | undefined {
  const type = typeNamed(name, declared, report);
  if (type?.kind === "record" || type?.kind === "bool") {
    const message = "a key is of type `Account`, `Int`, `Amount`, `Digest`, or of an enumeration";
    report("type", name.span, message);
    return undefined;
  }
  return type;
}

function declareParameter(
  parameter: Parameter,
  declared: ReadonlyMap<string, Declared>,
  report: Report,
): ContractParameter | undefined {
  const { name, typeName, modifiers, span } = parameter;
  const type: ArgumentType | RecordType | undefined =
    typeName.text === "Signature" ? { kind: "signature" } : typeNamed(typeName, declared, report);
  for (const { kind, span: at } of modifiers) {
    if (kind === "secret" || kind === "external") {
      report("unsupported", at, `\`${kind}\` does not stand before a parameter of a contract`);
    } else if (type !== undefined && type.kind !== "account") {
      const message = `only an \`Account\` can be \`${kind}\`; \`${name.text}\` is of type \`${typeName.text}\``;
      report("type", at, message);
      return undefined;
    }
  }
  if (type?.kind === "record") {
    report("unsupported", typeName.span, "a parameter is no record: pass its fields");
    return undefined;
  }
  if (type === undefined) return undefined;
  const has = (kind: string): boolean => modifiers.some((one) => one.kind === kind);
  if (has("signer") && has("optional")) {
    report("type", span, "`none` cannot sign: a signer is not optional");
  }
  return { name: name.text, type, isSigner: has("signer"), isOptional: has("optional"), span };
}

/**
 * Returns a declared asset. If the issuer is `self` (`issuer` undefined), its id depends on the
 * contract's digest and is filled in later.
 */
function placeholder(name: string, issuer: string | undefined): ContractAssetType {
  return { ...declaredAsset(name, issuer ?? "0".repeat(64)), isOwn: issuer === undefined };
}

/**
 * Derives the id of an asset that a contract issues: `sha256(sha256("aethel/contract-asset") |
 * digest of the contract | sha256(name))`. Its issuer is the contract's digest.
 */
export function contractAsset(name: string, contract: Digest): DeclaredAsset {
  const utf8 = new TextEncoder();
  const tag = sha256(utf8.encode("aethel/contract-asset"));
  const id = sha256(concatBytes(tag, contract, sha256(utf8.encode(name))));
  return { name, issuer: toHex(contract), id: toAssetId(id) };
}
