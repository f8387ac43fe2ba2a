// What every cell of the matrix does, whatever it runs in: plain JavaScript, no module of any runtime.

export const RESULT_MARK = "runtimes-result ";
export const FIRST_LOG = "the first log of a program";
export const OTLP_RECORDS = 100;
const SECRET = "never-to-be-seen";

function expect(condition, problem) {
  if (!condition) throw new Error(problem);
}

const text = (value) =>
  JSON.stringify(value, (_key, member) => (typeof member === "bigint" ? `${member}n` : member)) ?? String(value);

const checks = {
  async first(adapter) {
    await adapter.first(FIRST_LOG); // the cell looks for it in what came out
  },

  async child(adapter) {
    const records = await adapter.collect((log) => log.child({ "order.id": 42 }).info("placed", { "user.id": "u1" }));
    expect(records.length === 1 && text(records).includes("placed"), `got ${text(records)}`);
    const { attributes } = records[0];
    expect(attributes["order.id"] === 42 && attributes["user.id"] === "u1", `got ${text(attributes)}`);
  },

  async redaction(adapter) {
    const records = await adapter.collect((log) => log.child({ api_key: SECRET }).info("in", { auth_token: SECRET }));
    expect(records.length === 1, `${records.length} records`);
    expect(!text(records).includes(SECRET), `a secret came through: ${text(records)}`);
  },

  async error(adapter) {
    const records = await adapter.collect((log) =>
      log.caught(new RangeError("out of stock", { cause: new Error("db") })),
    );
    expect(records.length === 1, `${records.length} records`);
    for (const part of ["RangeError", "out of stock", "\\n"]) {
      expect(text(records).includes(part), `no ${JSON.stringify(part)} in ${text(records)}`); // "\n": the stack
    }
  },

  async capture(adapter, { syncOnly = false }) {
    if (adapter.capture === undefined) return { absent: "has no function for it" };
    const captured = await adapter.capture(async (log) => {
      log.info("captured");
      await Promise.resolve();
      log.info("later");
    });
    const expected = syncOnly ? ["captured"] : ["captured", "later"]; // later takes AsyncLocalStorage
    expect(captured.join() === expected.join(), `captured ${text(captured)}`);
    return undefined;
  },

  async otlp(adapter, { otlpUrl }) {
    if (otlpUrl === undefined) return { absent: "no network" };
    if (adapter.otlp === undefined) return { absent: adapter.noOtlp ?? "not in this cell" };
    await adapter.otlp(otlpUrl, OTLP_RECORDS);
    return undefined;
  },
};

/** `{ point: null | "problem" | { absent } }`; `first` and `otlp` still have to be confirmed by who reads the output. */
export async function points(adapter, surroundings) {
  const results = {};
  for (const [name, check] of Object.entries(checks)) {
    try {
      results[name] = (await check(adapter, surroundings)) ?? null;
    } catch (error) {
      results[name] = String(error?.stack ?? error);
    }
  }
  return results;
}
