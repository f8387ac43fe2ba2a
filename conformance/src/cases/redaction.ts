/** Secrets (§10): masks pass through unchanged, and the sink tells nothing of what is in a record. */
import { buildRecord, createRedactor, errorMessage, type LogRecord, MASKED_PLACEHOLDER } from "@dagstack/logger-core";
import { atRest, firstDifference } from "../probes/index.ts";
import type { FlushAnswer, Station } from "../station/index.ts";
import { bodyOf, defineRule, expect, type SinkRule, sameValue } from "../station/index.ts";

const SECRET = "raw-secret-5f1d";
const CANARY = "canary-7c3a9e";
/** How long a flush that cannot succeed is given. */
const SHORT_MS = 50;

export const redactionRules: readonly SinkRule[] = [
  defineRule({
    id: "REDACT-01",
    section: "§7.1, §10",
    what: `Masked values arrive as "${MASKED_PLACEHOLDER}", under their keys and at any depth; raw ones appear nowhere.`,
    why: "The mask tells a reader that there was a value and that it was kept from him.",
    fix: "Treat masks as the strings they are: do not remove, replace or complete them.",
    async check(lab) {
      const station = await lab.open();
      const record = maskedRecord(station);
      const n = Number(record.attributes.n);
      station.emitRecord(record);
      const seen = (await atRest(station)).find((delivered) => delivered.n === n);
      const { attributes: shown, raw } = seen ?? lab.notApplicable("the record is not at the destination: see EMIT-01");
      expect(!`${raw ?? ""}${everythingIn(shown)}`.includes(SECRET), () => ({
        expected: "no raw value of a masked attribute at the destination",
        happened: "one was there",
        cause: "the sink takes values from somewhere else than the record",
      }));
      const attributes = shown ?? lab.notApplicable("the destination does not show attributes");
      for (const [key, value] of Object.entries(record.attributes)) {
        expect(sameValue(value, attributes[key]), () => ({
          expected: `the attribute ${key} with its masks`,
          happened: Object.hasOwn(attributes, key)
            ? (firstDifference(value, attributes[key], key) ?? "it had another value")
            : "it was not there",
          cause: "the sink removes or rewrites masks, or masks once more in its own way",
        }));
      }
    },
  }),
  defineRule({
    id: "REDACT-02",
    section: "§7.1, §7.4, D-68",
    what: "Nothing of a record's body or attributes is in the id, in errors, in diagnostics or in what flush answers.",
    why: "These go to the internal log and to metrics, which are not redacted and have other readers.",
    fix: "Name the kind of failure, a status code and a count; never the record, the request or the response.",
    async check(lab) {
      const station = await lab.open();
      const told: [string, string][] = [];
      const flush = async (ms: number): Promise<void> => {
        told.push(["what flush answered", flushText(await station.flush(ms))]);
      };
      emitCanaries(station);
      await flush(1000);
      for (const hook of ["fail", "reject", "stall"] as const) {
        if (!station.hasFault(hook)) continue;
        await station.fault(hook);
        emitCanaries(station);
        await flush(SHORT_MS);
        await station.fault("recover");
      }
      await flush(1000);
      await station.close();
      emitCanaries(station);
      await flush(SHORT_MS);
      told.push(["the id", station.sink.id]);
      told.push(["an error, its type or a diagnostic", station.context.texts().join("\n")]);
      told.push(["what emit threw", station.thrown.map(errorMessage).join("\n")]);
      for (const [where, text] of told) {
        expect(!text.includes(CANARY), () => ({
          expected: "no value of a record in what the sink tells",
          happened: `one was in ${where}`,
          cause: "the record, the request or the server's answer goes into an error message",
        }));
      }
    },
  }),
];

/** A record as the logger builds it of raw secrets. */
function maskedRecord(station: Station): LogRecord {
  const [next] = station.records(1);
  const n = station.next - 1;
  const { timeUnixNano, severityNumber, resource, instrumentationScope } = next as LogRecord;
  const secrets = { db_password: SECRET, client_secret: { inner: SECRET }, "x.api_key": [SECRET], refresh_token: null };
  return buildRecord(
    {
      timeUnixNano,
      severityNumber,
      body: bodyOf(n),
      bound: [],
      attributes: [{ n, ...secrets, nested: { ...secrets, kept: 1 }, list: [{ ...secrets, kept: 2 }, "kept"] }],
      resource,
      instrumentationScope,
      traceId: null,
      spanId: null,
      traceFlags: 0,
    },
    createRedactor(),
  );
}

function emitCanaries(station: Station): void {
  for (const { attributes, body, ...parts } of station.records(2)) {
    station.emitRecord({
      ...parts,
      body: `${String(body)} ${CANARY}`,
      attributes: { ...attributes, note: CANARY, nested: { list: [CANARY] } },
    });
  }
}

function flushText({ result, rejected }: FlushAnswer): string {
  return `${everythingIn(result)}${rejected === undefined ? "" : errorMessage(rejected)}`;
}

function everythingIn(value: unknown): string {
  return JSON.stringify(value, (_, member: unknown) => (typeof member === "bigint" ? String(member) : member)) ?? "";
}
