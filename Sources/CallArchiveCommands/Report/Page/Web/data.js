// The recordings in columns, and which of them are looked at in what order.

const facts = JSON.parse(element("facts").textContent);
const total = facts.rows;
const statusNames = facts.statuses;
const archived = statusNames.indexOf("archived");
/// What can still be archived, and is therefore at risk when it is old.
const owed = new Set(["pending", "waiting", "failed"].map((name) => statusNames.indexOf(name)));
const lastStartAtRisk = facts.generatedAt - (facts.retentionDays - facts.atRiskDays) * dayLength;

const rows = new Array(total);
const column = {
  start: new Float64Array(total).fill(NaN),
  seconds: new Float64Array(total).fill(NaN),
  bytes: new Float64Array(total).fill(NaN),
  status: new Uint8Array(total),
};
/// What the search looks through, in lower case.
const hay = new Array(total);

/// Reads the blocks one after the other, and lets the browser breathe between them.
async function load(progress) {
  let next = 0;
  let since = performance.now();
  for (const block of document.querySelectorAll("script.rows")) {
    let folder;
    let format;
    for (const row of JSON.parse(block.textContent)) {
      if (row[5] === 0) row[5] = folder;
      else if (row[5] != null) folder = row[5];
      if (row[7] === 0) row[7] = format;
      else if (row[7] != null) format = row[7];
      take(row, next);
      next += 1;
    }
    block.remove();
    if (performance.now() - since > 30) {
      progress(next);
      await new Promise((resume) => setTimeout(resume));
      since = performance.now();
    }
  }
}

function take(row, index) {
  rows[index] = row;
  column.status[index] = row[1];
  if (typeof row[2] === "number") column.start[index] = row[2];
  if (row[3] != null) column.seconds[index] = row[3];
  if (row[4] != null) column.bytes[index] = row[4];
  const error = row[12];
  hay[index] = [
    row[0], row[8] ?? "", row[6] ?? "", startText(index), statusNames[row[1]],
    error ? `${error[0]} ${error[1]}` : "", row[14] ?? "", row[15] ?? "",
  ].join("\n").toLowerCase();
}

// One recording's parts, by the places that PageRow gives them.

const idOf = (index) => rows[index][0];
const callOf = (index) => rows[index][8] ?? "";
/// Who called whom where that is known, else the call's id.
const partiesOf = (index) => {
  const [from, to] = [rows[index][14], rows[index][15]];
  return from || to ? `${from || "?"} → ${to || "?"}` : callOf(index);
};
const errorOf = (index) => rows[index][12];
const isAtRisk = (index) => owed.has(column.status[index]) && column.start[index] <= lastStartAtRisk;
const daysLeft = (index) =>
  (column.start[index] + facts.retentionDays * dayLength - facts.generatedAt) / dayLength;

/// In our own form when it is a time; else as the provider wrote it.
function startText(index) {
  const start = rows[index][2];
  return typeof start === "number" ? moment(start) : shown(start ?? "", 40);
}

/// Below the archive; null when there is no file.
function fileOf(index) {
  const [id, , , , , folder, name] = rows[index];
  return name == null ? null : `${folder}/${name.replace("*", () => id)}`;
}

/// The text of it, below the archive; null when there is none.
function transcriptionOf(index) {
  const file = rows[index][16] ?? null;
  return file === 1 ? fileOf(index).replace(/\.[^.\/]*$/, ".txt") : file;
}

/// A file as a relative link: each part is encoded, for names contain '%'.
const linkTo = (file) => file && (facts.base + file).split("/").map(encodeURIComponent).join("/");
const linkOf = (index) => linkTo(fileOf(index));

/// The channels' loudness, 0 to 255 each; null when the page has none.
function waveOf(index) {
  const text = rows[index][11];
  return text ? text.split(",").map((part) => Uint8Array.from(atob(part), (c) => c.charCodeAt(0))) : null;
}

// Orders are made once; a filter then only picks from one, which costs a pass.

const orders = {};
const texts = { id: idOf, call: partiesOf };

/// Those that have the value, the least first, and those that don't.
function order(name) {
  if (orders[name]) return orders[name];
  const values = column[name];
  const text = texts[name];
  const has = text ? (index) => text(index) !== "" : (index) => !Number.isNaN(values[index]);
  const known = new Uint32Array(total);
  const unknown = new Uint32Array(total);
  let [knownCount, unknownCount] = [0, 0];
  // The page has the newest first; from its end, equal ones stay in the archive's order.
  for (let index = total - 1; index >= 0; index -= 1) {
    if (has(index)) known[knownCount++] = index;
    else unknown[unknownCount++] = index;
  }
  const sorted = known.subarray(0, knownCount);
  if (text) {
    const keys = new Array(total);
    for (const index of sorted) keys[index] = text(index);
    sorted.sort((a, b) => (keys[a] < keys[b] ? -1 : keys[a] > keys[b] ? 1 : b - a));
  } else {
    sorted.sort((a, b) => values[a] - values[b] || b - a);
  }
  orders[name] = { sorted, unknown: unknown.subarray(0, unknownCount) };
  return orders[name];
}

const everything = { status: null, risk: false, code: null, words: [], from: NaN, until: NaN };
const view = { sort: "start", descending: true, filter: { ...everything }, list: new Uint32Array(0) };

const isFiltered = () => {
  const { status, risk, code, words, from, until } = view.filter;
  return status !== null || risk || code !== null || words.length > 0 || from === from || until === until;
};

function passes(index, { status, risk, code, words, from, until }) {
  if (status !== null && column.status[index] !== status) return false;
  if (risk && !isAtRisk(index)) return false;
  if (code !== null && (errorOf(index)?.[0] ?? "") !== code) return false;
  // What has no start time is in no time's range.
  if (from === from && !(column.start[index] >= from)) return false;
  if (until === until && !(column.start[index] < until)) return false;
  return words.every((word) => hay[index].includes(word));
}

/// Fills `view.list` by filter and order; what it holds in all.
function refresh() {
  const list = new Uint32Array(total);
  let length = 0;
  let seconds = 0;
  const pick = (index) => {
    if (!passes(index, view.filter)) return;
    list[length++] = index;
    if (column.status[index] === archived && column.seconds[index] > 0) seconds += column.seconds[index];
  };
  const { sorted, unknown } = order(view.sort);
  if (view.descending) for (let at = sorted.length - 1; at >= 0; at -= 1) pick(sorted[at]);
  else sorted.forEach(pick);
  unknown.forEach(pick);
  view.list = list.subarray(0, length);
  return { length, seconds };
}
