import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BoundedQueue } from "../../../src/delivery/queue/bounded-queue.ts";

function filled(sizes: readonly number[], bounds = { maxItems: 1000, maxBytes: 1000 }): BoundedQueue<number> {
  const queue = new BoundedQueue<number>(bounds);
  for (const [index, bytes] of sizes.entries()) queue.add(index, bytes);
  return queue;
}

describe("BoundedQueue (§7.1)", () => {
  it("agrees with a plain array in every sequence of operations", () => {
    const operation = fc.oneof(
      { weight: 6, arbitrary: fc.record({ do: fc.constant("add" as const), bytes: fc.nat(5), times: fc.nat(90) }) },
      { weight: 3, arbitrary: fc.record({ do: fc.constant("take" as const), items: fc.nat(100), bytes: fc.nat(200) }) },
      { weight: 1, arbitrary: fc.record({ do: fc.constant("clear" as const) }) },
    );
    fc.assert(
      fc.property(
        fc.array(operation, { maxLength: 30 }),
        fc.constantFrom(1, 3, 64, 65, 150),
        (operations, maxItems) => {
          const queue = new BoundedQueue<number>({ maxItems, maxBytes: 300 });
          const model: { item: number; bytes: number }[] = [];
          const bytes = () => model.reduce((sum, entry) => sum + entry.bytes, 0);
          let next = 0;
          for (const step of operations) {
            if (step.do === "add") {
              for (let time = 0; time < step.times; time++) {
                let evicted = 0;
                while (model.length >= maxItems || bytes() + step.bytes > 300) {
                  model.shift();
                  evicted += 1;
                }
                expect(queue.fits(step.bytes)).toBe(evicted === 0);
                expect(queue.evictFor(step.bytes)).toBe(evicted);
                model.push({ item: next, bytes: step.bytes });
                queue.add(next++, step.bytes);
              }
            } else if (step.do === "take") {
              const taken: number[] = [];
              let sum = 0;
              for (let entry = model[0]; entry !== undefined && taken.length < step.items; entry = model[0]) {
                sum += entry.bytes;
                if (taken.length > 0 && sum > step.bytes) break;
                taken.push(entry.item);
                model.shift();
              }
              expect(queue.take(step.items, step.bytes)).toEqual(taken);
            } else {
              expect(queue.clear()).toBe(model.length);
              model.length = 0;
            }
            expect([queue.size, queue.bytes]).toEqual([model.length, bytes()]);
          }
        },
      ),
    );
  });

  it("fits exactly up to the bounds", () => {
    const queue = filled([4, 4], { maxItems: 3, maxBytes: 10 });
    expect([queue.fits(2), queue.fits(3)]).toEqual([true, false]);
    queue.add(2, 0);
    expect(queue.fits(0)).toBe(false);
  });

  it("takes a first item that is larger than the limit, alone", () => {
    const queue = filled([50, 1]);
    expect(queue.take(10, 20)).toEqual([0]);
    expect(queue.take(10, 20)).toEqual([1]);
    expect(queue.take(10, 20)).toEqual([]);
  });

  it("holds undefined as an item like any other", () => {
    const queue = new BoundedQueue<undefined>({ maxItems: 3, maxBytes: 10 });
    queue.add(undefined, 1);
    expect(queue.take(2, 10)).toEqual([undefined]);
  });
});
