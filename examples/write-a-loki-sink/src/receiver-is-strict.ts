/** The receiver's own test: one that takes anything proves nothing about a sink. */
import { testRecord } from "@dagstack/logger-core/testing";
import { toDagstackJsonl } from "@dagstack/logger-core/wire";
import { LokiReceiver } from "./loki-receiver.ts";

const record = testRecord();
const line = toDagstackJsonl(record);
const time = String(record.timeUnixNano);
const stream = { service_name: "shop" };
const good = { streams: [{ stream, values: [[time, line]] }] };
const later = String(record.timeUnixNano + 1n);

const bad: readonly unknown[] = [
  {},
  { streams: [] },
  { streams: [{ stream: {}, values: [[time, line]] }] },
  { streams: [{ stream: { "service.name": "shop" }, values: [[time, line]] }] },
  { streams: [{ stream: { service_name: 1 }, values: [[time, line]] }] },
  { streams: [{ stream, values: [] }] },
  { streams: [{ stream, values: [[Number(time), line]] }] },
  { streams: [{ stream, values: [[later, line]] }] },
  { streams: [{ stream, values: [[time, "order placed"]] }] },
  { streams: [{ stream, values: [[time, line, "more"]] }] },
  { streams: [{ stream, values: [[time, toDagstackJsonl(testRecord({ body: "x".repeat(262_144) }))]] }] },
  // Earlier than the good push before it.
  { streams: [{ stream, values: [["1", line.replace(time, "1")]] }] },
];

/** Whether a well-formed push is taken, and everything else is not. */
export async function receiverIsStrict(): Promise<boolean> {
  const receiver = await LokiReceiver.start();
  const push = async (body: unknown, type = "application/json", path = "/loki/api/v1/push"): Promise<number> => {
    const init = { method: "POST", headers: { "content-type": type }, body: JSON.stringify(body) };
    const response = await fetch(`${receiver.url}${path}`, init);
    await response.arrayBuffer();
    return response.status;
  };
  const statuses = [await push(good), await push(good, "text/plain"), await push(good, "application/json", "/push")];
  for (const body of bad) statuses.push(await push(body));
  await receiver.stop();
  return statuses.every((status, index) => status === (index === 0 ? 204 : 400)) && receiver.entries.length === 1;
}
