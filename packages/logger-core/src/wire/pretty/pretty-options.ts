/** How `formatPretty` writes. */
export interface PrettyOptions {
  /** Colours by SGR codes. Default: `false`. */
  readonly color?: boolean | undefined;
  /** Columns of the terminal, at least 40. Default: no limit, and nothing is wrapped. */
  readonly width?: number | undefined;
  /** Columns that the logger's name takes at least, so that messages begin below each other. Default: 0. */
  readonly nameWidth?: number | undefined;
  /** Writes the date before the time. Default: `false`. */
  readonly date?: boolean | undefined;
  /** How many minutes local time is ahead of UTC at a moment in milliseconds since 1970. Default: the system's zone. */
  readonly utcOffsetMinutes?: ((epochMs: number) => number) | undefined;
  /** Paths in stack traces that lie in this folder are told from there. Default: as they are. */
  readonly cwd?: string | undefined;
}
