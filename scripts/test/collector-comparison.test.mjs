import assert from "node:assert/strict";
import { test } from "node:test";
import { bodyOf, problems } from "../../packages/sink-otlp/test/collector/exported-records.mjs";
import { difference, goldens } from "../../packages/sink-otlp/test/collector/goldens.mjs";

const logs = (logRecords) => ({ resourceLogs: [{ resource: {}, scopeLogs: [{ scope: { name: "s" }, logRecords }] }] });
const golden = (value) => {
  const { resourceLogs } = logs([{ body: { stringValue: "x" }, attributes: [{ key: "k", value }] }]);
  return { resourceLogs: [{ scopeLogs: resourceLogs[0].scopeLogs }] };
};
const exported = (value) => logs([{ body: { stringValue: "x" }, attributes: [{ key: "k", value }] }]);

test("there are goldens to post, each in both formats", () => {
  const all = goldens();
  assert.equal(all.length, 108);
  for (const { json, protobuf } of all) assert.ok(json.length > 0 && protobuf.length > 0);
});

test("the same in the collector's spelling is no difference", () => {
  assert.equal(difference(exported({ intValue: "1" }), golden({ intValue: "1" })), undefined);
  assert.equal(difference(exported({ arrayValue: {} }), golden({ arrayValue: { values: [] } })), undefined);
});

for (const [what, theirs, ours] of [
  ["another number", { intValue: "1" }, { intValue: "2" }],
  ["another type", { doubleValue: 1 }, { intValue: "1" }],
  ["zero for minus zero", { doubleValue: 0 }, { doubleValue: -0 }],
  ["a lost value", {}, { intValue: "0" }],
  ["an extra value", { intValue: "0" }, {}],
]) {
  test(`a difference: ${what}`, () => {
    assert.match(
      difference(exported(theirs), golden(ours)),
      /^\.resourceLogs\.0\.scopeLogs\.0\.logRecords\.0\.attributes/,
    );
  });
}

const numbered = (number, body = bodyOf(number)) => ({
  body: { stringValue: body },
  attributes: [{ key: "record.number", value: { intValue: String(number) } }],
});
const account = { ledger: { accepted: 3, delivered: 3, pending: 0, dropped: {} }, errors: [] };
const found = (records, more = {}) => problems({ lines: [logs(records)], count: 3, ...account, ...more }).found;

test("every record once is no problem", () => {
  assert.deepEqual(found([0, 1, 2].map((number) => numbered(number))), []);
});

test("a missing record, one too many, a changed one and a wrong account are problems", () => {
  assert.match(found([numbered(0), numbered(2)]).join(), /missing: 1 records/);
  assert.match(found([0, 1, 1, 2].map((number) => numbered(number))).join(), /duplicates: 1/);
  assert.match(found([numbered(0), numbered(1), numbered(2, "else")]).join(), /missing: 1 .*nobody sent: 1/);
  const ledger = { ...account.ledger, delivered: 2, dropped: { sink_error: 1 } };
  assert.match(
    found(
      [0, 1, 2].map((number) => numbered(number)),
      { ledger },
    ).join(),
    /the sink counted/,
  );
});

test("duplicates and losses that are expected are none", () => {
  assert.deepEqual(
    found(
      [0, 1, 1, 2].map((number) => numbered(number)),
      { maxDuplicates: 1 },
    ),
    [],
  );
  const ledger = { ...account.ledger, delivered: 2, dropped: { sink_error: 1 } };
  assert.deepEqual(found([numbered(0), numbered(2)], { lost: [1], ledger }), []);
});
