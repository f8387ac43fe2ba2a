// The golden records of conformance/fixtures/wire, and how the collector spells them.
import { readdirSync, readFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";

const folder = new URL("../../../../conformance/fixtures/wire/", import.meta.url);

/** `{ name, json, protobuf, expected }` of each case that has an OTLP form: the two bodies, and the parsed JSON. */
export function goldens() {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".json"))
    .flatMap((file) => {
      const { cases = [] } = JSON.parse(readFileSync(new URL(file, folder), "utf8"));
      return cases
        .filter(({ expected }) => expected?.otlp_protobuf_hex !== undefined)
        .map(({ name, expected }) => ({
          name: `${file.replace(".json", "")}/${name}`,
          json: expected.otlp_json,
          protobuf: Buffer.from(expected.otlp_protobuf_hex, "hex"),
          expected: JSON.parse(expected.otlp_json),
        }));
    });
}

/** Where the exported line says something else than the golden, as `path: exported …, expected …`; undefined if nowhere. */
export function difference(line, expected) {
  return firstDifference(line, asCollectorWrites(expected), "");
}

/** The golden in the collector's spelling, which leaves out every empty text, zero and empty list, and writes empty messages. */
function asCollectorWrites(golden) {
  const copy = structuredClone(golden);
  for (const group of copy.resourceLogs) {
    group.resource ??= {};
    omitEmptyKeys(group.resource.attributes);
    for (const { scope, logRecords } of group.scopeLogs) {
      omitEmptyKeys(scope.attributes);
      for (const record of logRecords) {
        if (record.timeUnixNano === "0") delete record.timeUnixNano;
        record.body ??= {}; // a body of null
        omitEmptyLists(record.body);
        omitEmptyKeys(record.attributes);
      }
    }
  }
  return copy;
}

function omitEmptyKeys(attributes = []) {
  for (const attribute of attributes) {
    if (attribute.key === "") delete attribute.key;
    omitEmptyLists(attribute.value);
  }
}

function omitEmptyLists({ arrayValue, kvlistValue }) {
  for (const list of [arrayValue, kvlistValue]) if (list?.values.length === 0) delete list.values;
  for (const value of arrayValue?.values ?? []) omitEmptyLists(value);
  omitEmptyKeys(kvlistValue?.values);
}

const isContainer = (value) => typeof value === "object" && value !== null;

function firstDifference(theirs, ours, path) {
  // Deep and strict: keeps text from number, -0 from 0; the order of members says nothing, that of elements does.
  if (isDeepStrictEqual(theirs, ours)) return undefined;
  if (isContainer(theirs) && isContainer(ours) && Array.isArray(theirs) === Array.isArray(ours)) {
    for (const key of new Set([...Object.keys(theirs), ...Object.keys(ours)])) {
      const found = firstDifference(theirs[key], ours[key], `${path}.${key}`);
      if (found !== undefined) return found;
    }
  }
  return `${path}: exported ${JSON.stringify(theirs)}, expected ${JSON.stringify(ours)}`;
}
