import { flatResource } from "../fields.mjs";
import { activeSpanFields } from "../span.mjs";

/** What people write before they take a logger. A "child" is the fields it binds. */
export function consoleLog({ workload }) {
  if (workload.redacts) return undefined;
  const spanFields = workload.isTraced ? activeSpanFields : () => undefined;
  const print = (level, bound, message, attributes) => {
    const time = new Date().toISOString();
    console.log(JSON.stringify({ time, level, message, ...flatResource, ...bound, ...spanFields(), ...attributes }));
  };
  const isDebug = process.env.LEVEL === "debug";
  return {
    root: {},
    child: (bound, more) => ({ ...bound, ...more }),
    debug: (bound, message, attributes) => {
      if (isDebug) print("DEBUG", bound, message, attributes);
    },
    info: (bound, message, attributes) => print("INFO", bound, message, attributes),
    error: (bound, message, { name, message: text, stack }) =>
      print("ERROR", bound, message, { error: { type: name, message: text, stack } }),
    close: () => {},
  };
}

/** No logger at all: what the loop and making the attributes cost. */
export function noLogging({ workload }) {
  if (!workload.isDisabled) return undefined;
  return { root: undefined, debug: () => {}, close: () => {} };
}
