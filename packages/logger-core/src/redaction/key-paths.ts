const STEP = /\.?([^.[\]"'\s]+)|\[(?:(\d+|\*)|"([^"]+)"|'([^']+)')\]/y;
const ANY = "*";

/**
 * The steps of a path such as `req.headers["set-cookie"]` or `users.*.ssn`, lower case; `undefined` for what is none. `*`
 * stands for one key or index.
 */
export function pathSteps(path: string): readonly string[] | undefined {
  const steps: string[] = [];
  STEP.lastIndex = 0;
  while (STEP.lastIndex < path.length) {
    const found = STEP.exec(path);
    if (found === null) return undefined;
    steps.push(...(found[1] ?? found[2] ?? found[3] ?? found[4] ?? "").toLowerCase().split("."));
  }
  return steps.length === 0 || steps.includes("") ? undefined : steps;
}

/** Paths from the attributes down. Keys with dots are as many steps as they have segments. */
export class KeyPaths {
  readonly #paths: readonly (readonly string[])[];

  constructor(paths: readonly (readonly string[])[]) {
    this.#paths = paths;
  }

  get isEmpty(): boolean {
    return this.#paths.length === 0;
  }

  /** Whether paths may end at items of lists. */
  get hasItems(): boolean {
    return this.#paths.some((steps) => stemOf(steps) < steps.length);
  }

  /** Whether a path may end at a key, or at an item of the list under it: to be asked before the others. */
  mayEndAt(key: string): boolean {
    const last = key.toLowerCase().split(".").pop() as string;
    return this.#paths.some((steps) => {
      const stem = stemOf(steps);
      return steps[stem - 1] === last || steps[steps.length - 1] === ANY || steps[steps.length - 1] === last;
    });
  }

  /** Whether a path ends exactly here. */
  has(parents: readonly string[], key: string): boolean {
    if (this.#paths.length === 0) return false;
    const here = stepsTo(parents, key);
    return this.#paths.some((steps) => matches(steps, here, steps.length));
  }

  /** Whether a path goes on from here to items of a list. */
  goesOn(parents: readonly string[], key: string): boolean {
    if (this.#paths.length === 0) return false;
    const here = stepsTo(parents, key);
    return this.#paths.some((steps) => stemOf(steps) < steps.length && matches(steps, here, stemOf(steps)));
  }

  /** These paths and others. */
  with(other: KeyPaths): KeyPaths {
    return new KeyPaths([...this.#paths, ...other.#paths]);
  }
}

function matches(steps: readonly string[], here: readonly string[], count: number): boolean {
  if (here.length !== count) return false;
  for (let at = 0; at < count; at++) if (steps[at] !== ANY && steps[at] !== here[at]) return false;
  return true;
}

function stepsTo(parents: readonly string[], key: string): readonly string[] {
  return [...parents, key].join(".").toLowerCase().split(".");
}

/** How many steps there are before those at the end that may be indexes. */
function stemOf(steps: readonly string[]): number {
  let count = steps.length;
  while (count > 0 && /^(?:\*|\d+)$/.test(steps[count - 1] as string)) count -= 1;
  return count;
}
