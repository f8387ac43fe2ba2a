import type { SubjectFaults } from "../../src/subject/subject.ts";

/** A destination in memory that can be broken: what the reference sinks deliver to. */
export class Destination<Item> implements Required<SubjectFaults> {
  readonly items: Item[] = [];
  #mode: "works" | "stalled" | "fails" | "rejects" = "works";
  #stalled: (() => void)[] = [];
  #action: () => void = () => {};

  stall(): void {
    this.#mode = "stalled";
  }

  fail(): void {
    this.#mode = "fails";
  }

  reject(): void {
    this.#mode = "rejects";
  }

  recover(): void {
    this.#mode = "works";
    for (const goOn of this.#stalled.splice(0)) goOn();
  }

  onDelivery(action: () => void): void {
    this.#action = action;
  }

  /** Takes items in; false when it refuses them for good. @throws Error when it is down. */
  async take(items: readonly Item[]): Promise<boolean> {
    if (this.#mode === "stalled") await new Promise<void>((resolve) => this.#stalled.push(resolve));
    return this.takeNow(items);
  }

  /** The same without waiting: a stalled destination is down. */
  takeNow(items: readonly Item[]): boolean {
    if (this.#mode === "rejects") return false;
    if (this.#mode !== "works") throw new Error("the destination is down");
    this.items.push(...items);
    this.#action();
    return true;
  }
}
