import type { LogRecord } from "../../record/index.ts";

/** What waits in a queue for one record: an `Item`, or more; only `Contents` looks inside. */
export type Entry = unknown;

/** What a queue keeps of a record. */
export interface Contents<Item> {
  /** Whether an entry holds a record beside its item. */
  readonly keepsRecords: boolean;
  /** @param record `undefined` for one that came encoded. */
  enter(item: Item, record: LogRecord | undefined): Entry;
  /** The items, in an array of their own. */
  items(entries: readonly Entry[]): Item[];
  /** The record, where it is kept. */
  record(entry: Entry): LogRecord | undefined;
}

/** For items that are records, or where nobody asks for records back. */
export function itemsAlone<Item>(areRecords: boolean): Contents<Item> {
  return {
    keepsRecords: false,
    enter: (item) => item,
    items: (entries) => entries.slice() as Item[],
    record: (entry) => (areRecords ? (entry as LogRecord) : undefined),
  };
}

interface Kept<Item> {
  readonly item: Item;
  readonly record: LogRecord | undefined;
}

/** For items that were made of records which may be asked for again. */
export function itemsWithRecords<Item>(): Contents<Item> {
  return {
    keepsRecords: true,
    enter: (item, record): Kept<Item> => ({ item, record }),
    items: (entries) => entries.map((entry) => (entry as Kept<Item>).item),
    record: (entry) => (entry as Kept<Item>).record,
  };
}
