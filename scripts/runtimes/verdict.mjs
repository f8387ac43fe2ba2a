// What a cell's results mean: a point fails when it does not hold, and when LogTape does better.

/** `{ results, problems, notes }`: what is wrong with ours, and what is wrong with LogTape where that is worth knowing. */
export function judged({ dagstack, logtape, version }) {
  const problems = Object.entries(dagstack).flatMap(([point, result]) => {
    if (typeof result === "string") return [`${point}: ${result}`];
    if (result?.absent !== undefined && logtape?.[point] === null) return [`${point}: LogTape has it, we do not`];
    return [];
  });
  const notes = Object.entries(logtape ?? {}).flatMap(([point, result]) =>
    typeof result === "string" ? [`${point}: ${result.slice(0, 300)}`] : [],
  );
  return { results: dagstack, logtape, version, problems, notes };
}
