import { severityText } from "@dagstack/logger-core";

/** What the text of a handle tells; whatever is missing is left out. */
interface Describable {
  readonly name: string;
  readonly version: string | null;
  effectiveLevel(): number;
}

/**
 * Makes `console.log` of a handle say which logger it is. The tag also keeps frameworks that make Proxies of whatever
 * looks like a plain object, as Vue does, from making one of a handle.
 */
export function tellInConsoles(prototype: Describable): void {
  const text = function (this: Describable): string {
    const { name, version } = this;
    const level = this.effectiveLevel();
    return `Logger { name: ${JSON.stringify(name)}${version === null ? "" : `, version: ${JSON.stringify(version)}`}, level: ${severityText(level)} }`;
  };
  Object.defineProperty(prototype, Symbol.toStringTag, { value: "Logger", configurable: true });
  Object.defineProperty(prototype, Symbol.for("nodejs.util.inspect.custom"), { value: text, configurable: true });
}
