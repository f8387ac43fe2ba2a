// Rows of a terminal as an SVG picture.

const CELL = 8.4;
const LINE = 19;
const PADDING = 16;
const FONT = "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace";

/** The palettes of Visual Studio Code's terminal. */
export const THEMES = {
  dark: {
    background: "#1e1e1e",
    text: "#d4d4d4",
    colors:
      "#000000 #cd3131 #0dbc79 #e5e510 #2472c8 #bc3fbc #11a8cd #e5e5e5 #666666 #f14c4c #23d18b #f5f543 #3b8eea #d670d6 #29b8db #e5e5e5",
  },
  light: {
    background: "#ffffff",
    text: "#333333",
    colors:
      "#000000 #cd3131 #107c10 #949800 #0451a5 #bc05bc #0598bc #555555 #666666 #cd3131 #14ce14 #b5ba00 #0451a5 #bc05bc #0598bc #a5a5a5",
  },
};

/** A picture of rows as `screen.mjs` makes them, `columns` wide. */
export function svgOf(title, rows, columns, { background, text, colors }) {
  const palette = colors.split(" ");
  const width = Math.ceil(columns * CELL + 2 * PADDING);
  const height = rows.length * LINE + 2 * PADDING;
  const parts = rows.flatMap((row, at) => {
    const y = PADDING + at * LINE;
    return runsOf(row).flatMap((run) => {
      const { look } = run;
      let ink = colorOf(look.color, palette) ?? text;
      let ground = colorOf(look.background, palette);
      if (look.inverse) [ink, ground] = [ground ?? background, ink];
      const x = PADDING + run.column * CELL;
      const length = run.width * CELL;
      const box =
        ground === undefined
          ? []
          : [`<rect x="${round(x)}" y="${y}" width="${round(length)}" height="${LINE}" fill="${ground}"/>`];
      if (run.text.trim() === "") return box;
      const style = [
        `fill="${ink}"`,
        look.dim ? 'opacity="0.6"' : "",
        look.bold ? 'font-weight="bold"' : "",
        look.italic ? 'font-style="italic"' : "",
        look.underline ? 'text-decoration="underline"' : "",
      ].filter((attribute) => attribute !== "");
      const place = `x="${round(x)}" y="${y + 14}" textLength="${round(length)}"`;
      return [...box, `<text ${place} ${style.join(" ")}>${escapeXml(run.text)}</text>`];
    });
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" xml:space="preserve" role="img" aria-label="${title}">
<title>${title}</title>
<rect width="${width}" height="${height}" rx="8" fill="${background}"/>
<g font-family="${FONT}" font-size="14" lengthAdjust="spacingAndGlyphs">
${parts.join("\n")}
</g>
</svg>
`;
}

/** Neighbours that look the same, as one. Leading and trailing spaces stay, since the length counts them. */
function runsOf(row) {
  const runs = [];
  for (const cell of row) {
    const last = runs.at(-1);
    const follows =
      last !== undefined && last.look === cell.look && last.column + last.width === cell.column && cell.width < 2;
    if (follows && !(last.isWide && cell.width > 0)) {
      last.text += cell.text;
      last.width += cell.width;
    } else {
      runs.push({ ...cell, isWide: cell.width === 2 });
    }
  }
  return runs;
}

function colorOf(color, palette) {
  if (color === undefined || typeof color === "string") return color;
  if (color < 16) return palette[color];
  if (color >= 232) {
    const grey = 8 + (color - 232) * 10;
    return `rgb(${grey},${grey},${grey})`;
  }
  const level = (step) => (step === 0 ? 0 : 55 + step * 40);
  const cube = color - 16;
  return `rgb(${level(Math.floor(cube / 36))},${level(Math.floor(cube / 6) % 6)},${level(cube % 6)})`;
}

function round(number) {
  return Math.round(number * 100) / 100;
}

function escapeXml(text) {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(" ", "\u00a0");
}
