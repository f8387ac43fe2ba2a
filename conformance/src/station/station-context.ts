/** What the suite attaches to a sink: it keeps what the sink tells, as the logger would. */
import { type Clock, type Diagnostic, type DropReason, describeError, type SinkContext } from "@dagstack/logger-core";

/** A loss that the sink told of. */
export interface ToldDrop {
  readonly count: number;
  readonly reason: DropReason;
  readonly expected: boolean;
}

/** Something that the sink told to have settled; without a reason it was delivered. */
export interface ToldSettlement {
  readonly count: number;
  readonly reason?: DropReason;
}

/** A failure that the sink told of. */
export interface ToldError {
  readonly type: string;
  readonly message: string;
}

/** A recording context. Whatever it is told, it does not throw. */
export class StationContext implements SinkContext {
  readonly clock: Clock;
  readonly random: () => number;
  readonly drops: ToldDrop[] = [];
  /** Deliveries and losses in the order in which they were told. */
  readonly settlements: ToldSettlement[] = [];
  readonly errors: ToldError[] = [];
  readonly diagnostics: Diagnostic[] = [];
  /** Records that the sink told to be delivered. */
  delivered = 0;
  /** Whether the sink ever told of a delivery. */
  tellsDeliveries = false;
  /** Called, synchronously, whenever the sink tells of a failure or says something: a logger may log then. */
  onTold: () => void = () => {};

  constructor(clock: Clock, random: () => number) {
    this.clock = clock;
    this.random = random;
  }

  onDelivered(count: number): void {
    this.tellsDeliveries = true;
    this.delivered += count;
    this.settlements.push({ count });
  }

  onDrop(count: number, reason: DropReason, expected = false): void {
    this.drops.push({ count, reason, expected });
    this.settlements.push({ count, reason });
  }

  onError(error: unknown, errorType?: string): void {
    const { type, message } = describeError(error);
    this.errors.push({ type: errorType ?? type, message });
    this.onTold();
  }

  diagnostic(event: Diagnostic): void {
    this.diagnostics.push(event);
    this.onTold();
  }

  /** Records told lost, for one reason or for any. */
  dropped(reason?: DropReason): number {
    return this.drops
      .filter((drop) => reason === undefined || drop.reason === reason)
      .reduce((sum, { count }) => sum + count, 0);
  }

  /** Everything it was told in words, for rules about what must not be said. */
  texts(): string[] {
    return [
      ...this.errors.flatMap(({ type, message }) => [type, message]),
      ...this.diagnostics.map((event) => JSON.stringify(event)),
    ];
  }
}
