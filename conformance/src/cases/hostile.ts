/** What no program should log, and what comes from within the sink itself (§1.3, §1.4, D-63). */

import { atRest, hostileRecords, MAX_DEPTH, NestedEmits, oddKeys } from "../probes/index.ts";
import type { Station } from "../station/index.ts";
import { defineRule, expect, numbersText, type Seen, type SinkRule, sameValue } from "../station/index.ts";

const POLLUTION = "polluted by a record";

export const hostileRules: readonly SinkRule[] = [
  defineRule({
    id: "EMIT-11",
    section: "§1.3, §7.1",
    what: "Huge, deep, empty and odd records are delivered or counted, each of them, and those that follow arrive.",
    why: "Such a record comes one day, and a sink that chokes on it is silent from then on.",
    fix: "Encode each record by itself; count what cannot be encoded or is too large with onDrop, and go on.",
    async check(lab) {
      const station = await lab.open();
      station.emit(1);
      const showsAttributes = (await atRest(station)).some(({ attributes }) => attributes !== undefined);
      const hostile = hostileRecords(station);
      for (const { record } of hostile) station.emitRecord(record);
      const { success } = await station.flush();
      const readable = hostile.filter(({ numberInBody }) => numberInBody || showsAttributes);
      const unreadable = hostile.length - readable.length;
      const arrived = new Set((await atRest(station, unreadable)).map(({ n }) => n));
      const missing = readable.filter(({ n }) => !arrived.has(n));
      // A sink that cannot tell counts has told enough when it says that the flush failed.
      const told = station.attached || success ? station.lost : missing.length;
      expect(missing.length <= told, () => ({
        expected: `each of ${readable.length} records at the destination or counted`,
        happened: `${missing.length} were not there and ${told} counted; missing: ${missing.map(({ what }) => what).join(", ")}`,
        cause: "an error in encoding is swallowed, ends the worker, or takes the whole batch with it",
      }));
      const later = station.emit(3);
      const arrivedLater = (await atRest(station, unreadable)).map(({ n }) => n);
      const missingLater = later.filter((n) => !arrivedLater.includes(n));
      expect(missingLater.length === 0, () => ({
        expected: `the ordinary records ${numbersText(later)} after them at the destination`,
        happened: `records ${numbersText(missingLater)} were not there`,
        cause: "the record that cannot be sent stays at the head of the queue, or has ended the worker",
      }));
    },
  }),
  defineRule({
    id: "EMIT-12",
    section: "§7.1 (S12), D-63",
    hooks: ["onDelivery"],
    what: "A record that is emitted while the sink delivers does not recurse; it is delivered or counted.",
    why: "A destination that logs, such as a callback, would otherwise overflow the stack, or wait for itself for ever.",
    fix: "Set a flag while the destination is called; what emit gets meanwhile is queued, or dropped as sink_error.",
    async check(lab) {
      const station = await lab.open();
      const nested = new NestedEmits(station);
      await station.onDelivery(() => nested.emit());
      station.emit(5);
      await expectNoRecursion(station, nested, "the destination was called");
    },
  }),
  defineRule({
    id: "EMIT-13",
    level: "should",
    section: "§7.1 (S12), D-63",
    hooks: ["fail"],
    what: "A record that is emitted because the sink told of a failure does not recurse; it is delivered or counted.",
    why: "The logger may log what it is told, to this very sink; it guards each sink too, but a sink may be used without.",
    fix: "Keep the flag that marks emit as running set while context.onError and context.diagnostic are called.",
    async check(lab) {
      const station = await lab.open();
      if (!station.attached) lab.notApplicable("the sink has no attach, so it tells of nothing");
      const nested = new NestedEmits(station);
      station.context.onTold = () => nested.emit();
      await station.fault("fail");
      station.emit(5);
      await station.time.until(() => nested.count > 0, 500);
      if (nested.count === 0) lab.notApplicable("the sink told of nothing while deliveries failed");
      await station.fault("recover");
      await expectNoRecursion(station, nested, "the context was told");
    },
  }),
  defineRule({
    id: "EMIT-14",
    section: "§1.4, §10.1",
    what: "Keys are data: __proto__, constructor, the empty key and control characters arrive as keys, and change nothing.",
    why: "A key that is assigned instead of defined is lost, or changes every object of the process.",
    fix: "Copy with spread, Object.fromEntries or Object.defineProperty, never with target[key] = value.",
    async check(lab) {
      const station = await lab.open();
      const n = station.next;
      const attributes = oddKeys(n, { [POLLUTION]: true });
      let seen: Seen | undefined;
      try {
        station.emit(1, { attributes });
        seen = (await atRest(station)).find((record) => record.n === n);
        expect(!(POLLUTION in Object.prototype), () => ({
          expected: "Object.prototype as it was",
          happened: "it has a member that was under the key __proto__ in a record",
          cause: "attributes are merged in depth by assignment: prototype pollution",
        }));
      } finally {
        Reflect.deleteProperty(Object.prototype, POLLUTION);
      }
      const arrived = seen?.attributes ?? lab.notApplicable("the destination does not show attributes");
      for (const [key, value] of Object.entries(attributes)) {
        expect(Object.hasOwn(arrived, key) && sameValue(value, arrived[key]), () => ({
          expected: `the key ${JSON.stringify(key)} with its value`,
          happened: Object.hasOwn(arrived, key) ? "it had another value" : "it was not there",
          cause: "the sink, or delivered() of the subject, copies by assignment or cleans keys",
        }));
      }
    },
  }),
];

async function expectNoRecursion(station: Station, nested: NestedEmits, when: string): Promise<void> {
  const arrived = new Set((await atRest(station)).map(({ n }) => n));
  expect(!nested.endless, () => ({
    expected: `a record emitted while ${when} to be queued or refused`,
    happened: `emit called itself until the suite stopped it, ${MAX_DEPTH} levels deep`,
    cause: "emit calls the destination or the context without noting that it is running already",
  }));
  if (!station.attached) return;
  const gone = station.accepted - arrived.size - station.lost;
  expect(gone <= 0, () => ({
    expected: `each of ${station.accepted} records delivered or counted, ${nested.count} of them emitted while ${when}`,
    happened: `${arrived.size} were delivered, ${station.lost} counted and ${gone} neither`,
    cause: "what comes from within emit is ignored without being counted",
  }));
}
