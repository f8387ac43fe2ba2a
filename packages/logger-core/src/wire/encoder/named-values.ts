import { MASKED_PLACEHOLDER, type Redactor } from "../../redaction/index.ts";

/** Masks the values of a map that names a secret: its members stand in the lists from `base` up to `end`. */
export function maskNamed(
  redactor: Redactor,
  keys: readonly string[],
  values: unknown[],
  base: number,
  end: number,
): void {
  const ruleAt = (at: number) => redactor.ruleOf(keys[at] as string);
  let isNamed = false;
  for (let at = base; at < end; at++) isNamed ||= ruleAt(at).isName && redactor.namesSecret(values[at]);
  if (!isNamed) return;
  for (let at = base; at < end; at++) if (ruleAt(at).isValue) values[at] = MASKED_PLACEHOLDER;
}
