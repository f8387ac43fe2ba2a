// The CPU ratios as a picture: one line per workload, one mark per peer, a logarithmic scale.
import { ratioText } from "./report.mjs";

const WIDTH = 900;
const LEFT = 370;
const RIGHT = 30;
const TOP = 96;
const ROW = 30;
const BOTTOM = 46;
const TICKS = [0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200];

// Told apart by shape as well as by colour; ours are filled.
const MARKS = [
  { color: "#0b6e4f", filled: true, shape: "circle" },
  { color: "#0b6e4f", filled: true, shape: "square" },
  { color: "#444444", filled: false, shape: "circle" },
  { color: "#444444", filled: false, shape: "square" },
  { color: "#b5541c", filled: false, shape: "triangle" },
  { color: "#b5541c", filled: false, shape: "diamond" },
  { color: "#2f5fa8", filled: false, shape: "diamond" },
  { color: "#8a3f8f", filled: false, shape: "triangle" },
];

const SHAPES = {
  circle: '<circle r="5"/>',
  square: '<rect x="-5" y="-5" width="10" height="10"/>',
  triangle: '<polygon points="0,-6 6,5 -6,5"/>',
  diamond: '<polygon points="0,-6 6,0 0,6 -6,0"/>',
};

const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

function mark({ color, filled, shape }, x, y, label) {
  const paint = `fill="${filled ? color : "#ffffff"}" stroke="${color}" stroke-width="1.8"`;
  const title = label === undefined ? "" : `<title>${escaped(label)}</title>`;
  return `<g transform="translate(${x.toFixed(1)} ${y})" ${paint}>${title}${SHAPES[shape]}</g>`;
}

const text = (x, y, content, more = "") => `<text x="${x}" y="${y}" ${more}>${escaped(content)}</text>`;

/** The ticks from the one below the smallest value to the one above the largest; 1 is always among them. */
export function ticksFor(values) {
  const low = Math.min(1, ...values);
  const high = Math.max(1, ...values);
  const from = TICKS.findLastIndex((tick) => tick <= low);
  const to = TICKS.findIndex((tick) => tick >= high);
  return TICKS.slice(Math.max(0, from), to === -1 ? TICKS.length : to + 1);
}

/**
 * @param contests as `compare` returns them
 * @param peers the rows to draw, the first two being ours
 * @returns an SVG document
 */
export function chart(contests, peers, caption) {
  const values = contests.flatMap(({ rows }) =>
    rows.flatMap(({ name, cpu }) => (peers.includes(name) && cpu !== undefined ? [cpu.ratio] : [])),
  );
  const ticks = ticksFor(values);
  const [first, last] = [Math.log(ticks[0]), Math.log(ticks.at(-1))];
  const x = (ratio) => LEFT + ((Math.log(ratio) - first) / (last - first)) * (WIDTH - LEFT - RIGHT);
  const height = TOP + contests.length * ROW + BOTTOM;
  const floor = TOP + contests.length * ROW;
  const parts = [
    `<rect width="${WIDTH}" height="${height}" fill="#ffffff"/>`,
    text(16, 26, "CPU per record, pino, sync = 1 (further left is cheaper)", 'font-size="16" font-weight="600"'),
  ];
  peers.forEach((peer, n) => {
    const [left, top] = [16 + (n % 4) * 208, 48 + Math.floor(n / 4) * 20];
    parts.push(mark(MARKS[n % MARKS.length], left + 6, top), text(left + 18, top + 4, peer));
  });
  for (const tick of ticks) {
    const [at, stroke] = [x(tick).toFixed(1), tick === 1 ? "#444444" : "#dddddd"];
    parts.push(`<line x1="${at}" x2="${at}" y1="${TOP - 8}" y2="${floor}" stroke="${stroke}"/>`);
    parts.push(text(at, floor + 16, `× ${tick}`, 'text-anchor="middle"'));
  }
  contests.forEach((contest, n) => {
    const y = TOP + n * ROW + ROW / 2 - 4;
    parts.push(text(16, y + 4, `${contest.name}: ${contest.title}`));
    // Ours are drawn last, on top.
    for (const peer of peers.toReversed()) {
      const ratio = contest.rows.find(({ name }) => name === peer)?.cpu?.ratio;
      if (ratio === undefined) continue;
      parts.push(mark(MARKS[peers.indexOf(peer) % MARKS.length], x(ratio), y, `${peer}: × ${ratioText(ratio)}`));
    }
  });
  parts.push(text(16, height - 10, caption, 'fill="#666666"'));
  const open = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-label="CPU per record against pino" font-family="system-ui, sans-serif" font-size="12.5" fill="#222222">`;
  return `${open}\n${parts.join("\n")}\n</svg>\n`;
}
