import { deepEqual, equal } from "node:assert/strict";

/** A foreign sink: any object with the five members. */
function arraySink(records) {
  return {
    id: "array",
    emit: (record) => records.push(record),
    flush: async () => ({ success: true, partial: false, failedSinks: [] }),
    close: async () => {},
    supportsSeverity: () => true,
  };
}

export async function run(load) {
  const { configure, Logger } = await load("@dagstack/logger");
  const records = [];
  const logging = configure({ level: "info", sinks: [arraySink(records)] });
  const log = Logger.get("package.run", "1.0.0");
  log.debug("below the level");
  log.child({ "user.id": "u1" }).info("hello", { api_key: "never to be seen" });
  const { success, droppedCount } = await logging.flush(2_000);
  deepEqual({ success, droppedCount }, { success: true, droppedCount: 0 });
  await logging.close();
  equal(records.length, 1);
  equal(records[0].body, "hello");
  deepEqual({ ...records[0].attributes }, { api_key: "***", "user.id": "u1" });
}
