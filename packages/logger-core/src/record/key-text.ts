import { UNREADABLE } from "./coercion.ts";

/** The key of a Map's entry as text (§1.4). */
export function keyText(key: unknown): string {
  try {
    return String(key);
  } catch {
    return UNREADABLE; // the value is kept; the key's text says what happened to it
  }
}
