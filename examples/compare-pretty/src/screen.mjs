// What a terminal shows of a text with SGR codes: rows of cells, each with its character and its look.

// biome-ignore lint/suspicious/noControlCharactersInRegex: what is looked for
const SGR = /\u001b\[([0-9;]*)m/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: what is looked for
const OTHER_ESCAPE = /\u001b(?:\[[0-9;?]*[A-Za-ln-z]|\][^\u0007\u001b]*(?:\u0007|\u001b\\))/y;
const INVISIBLE = /[\p{Mn}\p{Me}\p{Cf}]/u;
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\p{Emoji_Presentation}]/u;

/** The rows of a terminal that is `columns` wide: lists of `{ text, width, look }`. */
export function rowsOf(output, columns) {
  const rows = [[]];
  let look = {};
  let column = 0;
  const newRow = () => {
    rows.push([]);
    column = 0;
  };
  for (let at = 0; at < output.length; ) {
    SGR.lastIndex = at;
    OTHER_ESCAPE.lastIndex = at;
    const sgr = SGR.exec(output);
    if (sgr !== null) {
      look = afterCodes(look, sgr[1]);
      at = SGR.lastIndex;
      continue;
    }
    if (OTHER_ESCAPE.exec(output) !== null) {
      at = OTHER_ESCAPE.lastIndex;
      continue;
    }
    const text = String.fromCodePoint(output.codePointAt(at));
    at += text.length;
    if (text === "\n") newRow();
    else if (text === "\t") column += 8 - (column % 8);
    else if (text !== "\r") {
      const width = INVISIBLE.test(text) ? 0 : WIDE.test(text) ? 2 : 1;
      if (column + width > columns) newRow();
      rows.at(-1).push({ text, width, column, look });
      column += width;
    }
  }
  while (rows.length > 0 && rows.at(-1).length === 0) rows.pop();
  return rows;
}

function afterCodes(look, codes) {
  let next = { ...look };
  const list = codes === "" ? [0] : codes.split(";").map(Number);
  while (list.length > 0) {
    const code = list.shift();
    if (code === 0) next = {};
    else if (code === 1) next.bold = true;
    else if (code === 2) next.dim = true;
    else if (code === 3) next.italic = true;
    else if (code === 4) next.underline = true;
    else if (code === 7) next.inverse = true;
    else if (code === 22) Object.assign(next, { bold: false, dim: false });
    else if (code === 23) next.italic = false;
    else if (code === 24) next.underline = false;
    else if (code === 27) next.inverse = false;
    else if (code === 38) next.color = extended(list);
    else if (code === 48) next.background = extended(list);
    else if (code === 39) delete next.color;
    else if (code === 49) delete next.background;
    else if (code >= 30 && code <= 37) next.color = code - 30;
    else if (code >= 90 && code <= 97) next.color = code - 82;
    else if (code >= 40 && code <= 47) next.background = code - 40;
    else if (code >= 100 && code <= 107) next.background = code - 92;
  }
  return next;
}

function extended(list) {
  if (list.shift() === 5) return list.shift();
  return `rgb(${list.splice(0, 3).join(",")})`;
}
