/** A loss of information while building a record; reported once per logger and kind as `record_malformed`. */
export type CoercionKind =
  | "lone_surrogate"
  | "non_finite_number"
  | "bigint_out_of_range"
  | "unsupported_type"
  | "invalid_date"
  | "unreadable"
  | "circular"
  | "max_depth"
  | "truncated"
  | "attributes_not_a_map";

/** Told of each coercion: its kind, the dotted key path, and for `unreadable` the type of what was thrown. */
export type CoercionReport = (kind: CoercionKind, path: string, errorType?: string) => void;

/** What stands for a value that throws when it is read. */
export const UNREADABLE = "[Unreadable]";
