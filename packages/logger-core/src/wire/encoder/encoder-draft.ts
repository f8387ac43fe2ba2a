import type { RecordDraft } from "../../record/index.ts";
import type { WallTime } from "../../sink/index.ts";
import type { BoundLayer } from "./bound-layer.ts";

/** A record before its values are looked at. */
export interface EncoderDraft extends Omit<RecordDraft, "timeUnixNano" | "bound"> {
  readonly time: WallTime;
  /** What `bound` is in a `RecordDraft`. */
  readonly layers: readonly BoundLayer[];
}
