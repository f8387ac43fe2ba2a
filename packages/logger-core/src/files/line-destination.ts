/** Where the lines go. What it throws means: not now, try again later. */
export interface LineDestination {
  /** A run of writes begins; `isUrgent`: it may take the caller's thread longer to get through. */
  begin(isUrgent: boolean): void;
  /**
   * Gets ready for the next line, of which `lineBytes` are left to write and `begunBytes` are written.
   *
   * @returns true when the written part lies in a file that is no longer the live one, so that the line must be written
   * whole again.
   */
  prepare(lineBytes: number, begunBytes: number): boolean;
  /** How many bytes of whole lines it takes before it must be prepared again; one line goes in any case. */
  room(): number;
  /** Takes bytes; answers how many, possibly fewer than given. */
  write(bytes: Uint8Array, offset: number, length: number): number;
  /** The run is over; result as of `prepare`: true when the written part of the begun line has been taken back. Never throws. */
  end(begunBytes: number): boolean;
  /** Opens itself anew; result as of `prepare`. */
  reopen(begunBytes: number): boolean;
}

/** Somebody else is writing to the destination: no failure, and to be tried again soon. */
export class DestinationBusy extends Error {
  readonly code = "EBUSY";
}
