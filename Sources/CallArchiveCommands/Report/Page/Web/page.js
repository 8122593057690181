// The page as a whole: its head, its lists, filters and keys.

const isWindow = facts.since !== null || facts.until !== null;

function verdict() {
  const { summary } = facts;
  const oldest = oldestAtRisk()[0];
  const first = oldest === undefined ? "" : daysLeft(oldest) < 0
    ? "; the first may be deleted already"
    : `; the provider deletes the first in ${daysLeft(oldest) < 1 ? "less than a day" : plural(Math.floor(daysLeft(oldest)), "day")}`;
  if (facts.atRisk > 0) return ["bad", `${plural(facts.atRisk, "recording is", "recordings are")} at risk${first}.`];
  if (summary.failed > 0) return ["warn", `${plural(summary.failed, "recording")} could not be archived; each sync tries again.`];
  if (!facts.listing.complete) return ["warn", "The last listing did not reach its end: there may be more recordings."];
  if (summary.pending > 0) return ["warn", `${plural(summary.pending, "recording is", "recordings are")} not downloaded yet.`];
  if (summary.listed === 0 && isWindow) return ["good", "Nothing to archive."];
  if (summary.listed === 0) return ["warn", facts.listing.complete ? "The provider lists no recordings yet." : "Nothing is archived yet."];
  return ["good", "All complete recordings are archived."];
}

let riskOrder;

/// The first to be deleted first.
function oldestAtRisk() {
  if (!riskOrder) {
    riskOrder = [];
    for (let index = 0; index < total; index += 1) if (isAtRisk(index)) riskOrder.push(index);
    riskOrder.sort((a, b) => column.start[a] - column.start[b]);
  }
  return riskOrder;
}

function showHead() {
  const listed = facts.listing.completedAt ? `, provider last listed ${moment(facts.listing.completedAt).slice(0, 16)}` : "";
  element("about").append(
    "Account ", make("bdi", {}, shown(facts.account, 80)),
    `, as of ${moment(facts.generatedAt).slice(0, 16)}${listed} (UTC)`);
  element("made").textContent =
    `${facts.generator}` + (facts.lastRun ? `, last sync ${moment(facts.lastRun.startedAt).slice(0, 16)} UTC` +
      (facts.lastRun.exitStatus === null ? "" : `, exit status ${facts.lastRun.exitStatus}`) : "");
  const age = (Date.now() - facts.generatedAt) / dayLength;
  if (age > 2) {
    element("age").hidden = false;
    element("age").textContent = `This page is ${plural(Math.floor(age), "day")} old. callarchive report makes it anew.`;
  }
}

/// What --since and --until left out is not on the page; its numbers are of what is.
function showWindow() {
  if (!isWindow) return;
  const summary = Object.fromEntries(Object.keys(facts.summary).map((name) => [name, 0]));
  for (let index = 0; index < total; index += 1) {
    summary[statusNames[column.status[index]]] += 1;
    if (column.bytes[index] > 0) summary.bytes += column.bytes[index];
  }
  facts.summary = { ...summary, listed: total };
  facts.atRisk = oldestAtRisk().length;
  const text = (time) => moment(time).replace(/ 00:00:00$/, "");
  const parts = [
    facts.since === null ? "" : ` from ${text(facts.since)} on`,
    facts.until === null ? "" : ` before ${text(facts.until)}`,
  ].filter(Boolean);
  element("part").hidden = false;
  element("part").textContent = `This page is only about recordings that started${parts.join(" and")} (UTC).`;
}

function showSummary() {
  const [kind, words] = verdict();
  element("verdict").className = kind;
  element("verdict").textContent = words;
  const { summary } = facts;
  let [seconds, first, last] = [0, Infinity, -Infinity];
  for (let index = 0; index < total; index += 1) {
    if (column.status[index] === archived && column.seconds[index] > 0) seconds += column.seconds[index];
    if (column.start[index] < first) first = column.start[index];
    if (column.start[index] > last) last = column.start[index];
  }
  const notYet = summary.pending + summary.failed + summary.waiting;
  const lost = summary.gone + summary.unavailable;
  const numbers = [
    ["Archived", count(summary.archived), `of ${plural(summary.listed, "recording")}`],
    ["Audio", span(seconds), bytesText(summary.bytes)],
    ["Not archived yet", count(notYet), parts(["pending", "failed", "waiting"])],
    ["Lost at the provider", count(lost), parts(["gone", "unavailable"])],
    ["From", first <= last ? dayText(first) : "–", first <= last ? `to ${dayText(last)}` : ""],
  ];
  element("numbers").replaceChildren(...numbers.map(([name, number, words]) =>
    make("div", {}, make("dt", {}, name), make("dd", {}, make("b", {}, number), " ", make("span", {}, words)))));
  const share = element("share");
  const shares = statusNames.filter((name) => summary[name] > 0);
  share.setAttribute("aria-label", shares.map((name) => `${name} ${count(summary[name])}`).join(", "));
  share.hidden = shares.length === 0;
  for (const name of shares) {
    const part = make("span", { "data-status": name, title: `${name}: ${count(summary[name])}` });
    part.style.flexGrow = summary[name];
    share.append(part);
  }
  element("summary").hidden = false;
}

const parts = (names) =>
  names.filter((name) => facts.summary[name] > 0).map((name) => `${count(facts.summary[name])} ${name}`).join(", ") || "none";

const mostNamed = 5;

function showRisk() {
  const found = oldestAtRisk();
  if (found.length === 0) return;
  element("risk").hidden = false;
  element("risk-words").textContent =
    `Not archived, and deleted by the provider ${plural(facts.retentionDays, "day")} after their start.`;
  element("risk-list").append(...found.slice(0, mostNamed).map((index) => {
    const button = make("button", { type: "button", class: "link id" }, shown(idOf(index), 80));
    button.addEventListener("click", () => openOne(index, { risk: true }));
    return make("li", {},
      make("span", { class: "tag", "data-status": statusNames[column.status[index]] }, statusNames[column.status[index]]),
      button, make("span", { class: "when" }, startText(index).slice(0, 16)), make("b", {}, daysText(daysLeft(index))));
  }));
  element("risk-all").textContent = `Show all ${count(found.length)} in the table`;
  element("risk-all").hidden = found.length <= mostNamed;
  element("risk-all").addEventListener("click", () => openTable({ risk: true }));
}

function showFailures() {
  const reasons = new Map();
  for (let index = 0; index < total; index += 1) {
    const status = column.status[index];
    const error = errorOf(index);
    if (status === archived || !error) continue;
    const key = `${status} ${error[0]}`;
    const known = reasons.get(key);
    if (known) known.count += 1;
    else reasons.set(key, { status, code: error[0], message: error[1], count: 1 });
  }
  if (reasons.size === 0) return;
  const sorted = [...reasons.values()].sort((a, b) => b.count - a.count);
  element("failures").hidden = false;
  element("failure-list").append(...sorted.slice(0, 20).map((one) => {
    const button = make("button", { type: "button", class: "link" }, plural(one.count, "recording"));
    button.addEventListener("click", () => openTable({ status: one.status, code: one.code }));
    return make("li", {},
      make("span", { class: "tag", "data-status": statusNames[one.status] }, statusNames[one.status]),
      button, make("code", {}, shown(one.code, 60)),
      make("span", { class: "reason" }, (one.count > 1 ? "for example: " : "") + shown(one.message, 240)));
  }));
}

// MARK: - Filters

function setFilter(filter) {
  view.filter = filter;
  element("search").value = filter.words.join(" ");
  element("from").value = filter.from === filter.from ? dayText(filter.from) : "";
  element("until").value = filter.until === filter.until ? dayText(filter.until - 1) : "";
  showChips();
  showList();
}

function openTable(part) {
  setFilter({ ...everything, ...part });
  element("recordings").scrollIntoView({ block: "start" });
}

function openOne(index, part) {
  openTable(part);
  const place = view.list.indexOf(index);
  if (place >= 0) selectPlace(place);
}

let counts;

function showChips() {
  if (!counts) {
    counts = new Array(statusNames.length).fill(0);
    for (const status of column.status) counts[status] += 1;
  }
  const { status, risk, code } = view.filter;
  const chip = (label, number, isOn, filter, mark = "") => {
    const button = make("button", { type: "button", "aria-pressed": isOn, "data-status": mark }, label, " ", make("span", {}, count(number)));
    button.addEventListener("click", () => {
      setFilter({ ...view.filter, status: null, risk: false, code: null, ...(isOn ? {} : filter) });
      element("chips").querySelector(`[aria-pressed="true"]`)?.focus();
    });
    return button;
  };
  const chips = [chip("all", total, status === null && !risk && code === null, {})];
  statusNames.forEach((name, at) => {
    if (counts[at] > 0) chips.push(chip(name, counts[at], status === at, { status: at }, name));
  });
  if (oldestAtRisk().length > 0) chips.push(chip("at risk", oldestAtRisk().length, risk, { risk: true }, "risk"));
  if (code !== null) {
    const button = make("button", { type: "button", "aria-pressed": "true", title: "Take this filter away" }, `${shown(code, 40)} ✕`);
    button.addEventListener("click", () => setFilter({ ...view.filter, code: null }));
    chips.push(button);
  }
  element("chips").replaceChildren(...chips);
}

function startTools() {
  element("search").addEventListener("input", () => {
    view.filter.words = element("search").value.toLowerCase().split(/\s+/).filter(Boolean);
    showList();
  });
  const day = (id) => Date.parse(element(id).value);
  element("from").addEventListener("change", () => {
    view.filter.from = day("from");
    showList();
  });
  element("until").addEventListener("change", () => {
    view.filter.until = day("until") + dayLength;
    showList();
  });
  element("sort").addEventListener("change", () => {
    const [name, way] = element("sort").value.split(" ");
    view.sort = name;
    view.descending = way === "down";
    showList();
  });
  element("clear").addEventListener("click", () => setFilter({ ...everything }));
  element("help-open").addEventListener("click", () => element("help").showModal());
}

// MARK: - Keys

function page(direction) {
  step(direction * Math.max(1, Math.floor(element("scroller").clientHeight / table.rowHeight) - 1));
}

const keys = {
  "/": () => element("search").select(),
  "?": () => element("help").showModal(),
  j: () => step(1),
  k: () => step(-1),
  ArrowDown: () => step(1),
  ArrowUp: () => step(-1),
  PageDown: () => page(1),
  PageUp: () => page(-1),
  Home: () => step(-total),
  End: () => step(total),
  ArrowLeft: () => seek(timeNow() - 5),
  ArrowRight: () => seek(timeNow() + 5),
  " ": togglePlay,
  Enter: togglePlay,
  i: toggleDetails,
};
/// These mean something to the page itself, unless the table has the focus.
const forTable = new Set(["ArrowDown", "ArrowUp", "PageDown", "PageUp", "Home", "End"]);
/// These mean something to what has the focus.
const forControls = new Set([" ", "Enter", "ArrowLeft", "ArrowRight"]);

/// Closes what is open, the topmost first; then takes the filters away.
function escape() {
  if (!element("details").hidden) toggleDetails();
  else if (document.activeElement === element("search") && element("search").value !== "") {
    setFilter({ ...view.filter, words: [] });
  } else if (document.activeElement.matches("input, select")) element("grid").focus({ preventScroll: true });
  else if (!element("player").hidden) closePlayer();
  else if (isFiltered()) setFilter({ ...everything });
}

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || element("help").open) return;
  if (event.key === "Escape") return escape();
  const focused = document.activeElement;
  const inGrid = focused === element("grid") || focused === element("scroller");
  if (focused === element("search") && (event.key === "Enter" || event.key === "ArrowDown")) {
    event.preventDefault();
    element("grid").focus({ preventScroll: true });
    return table.place < 0 ? step(1) : undefined;
  }
  if (focused.matches("input, select")) return;
  const isControl = focused.matches("button, a, summary");
  if (isControl && forControls.has(event.key)) return;
  if (forTable.has(event.key) && !inGrid && !(focused === element("wave") && /^(Home|End)$/.test(event.key))) return;
  // Space scrolls the page where there is nothing to play.
  if (forControls.has(event.key) && player.index < 0 && !inGrid) return;
  const action =
    focused === element("wave") && event.key === "Home" ? () => seek(0)
      : focused === element("wave") && event.key === "End" ? () => seek(lengthNow())
        : keys[event.key];
  if (!action) return;
  event.preventDefault();
  if (inGrid && table.place < 0 && forControls.has(event.key)) step(1);
  action();
}

async function start() {
  showHead();
  startTable();
  startPlayer();
  startTools();
  await load((done) => {
    element("loading").textContent = `Reading the recordings … ${count(done)} of ${count(total)}`;
  });
  element("loading").hidden = true;
  showWindow();
  showSummary();
  showRisk();
  showFailures();
  element("empty").hidden = total > 0;
  element("empty").textContent = isWindow
    ? "No recording started in that time."
    : "Nothing to show yet. What a sync archives is here when callarchive report is run after it.";
  element("tools").hidden = total === 0;
  element("days").hidden = total === 0;
  startPlot();
  showChips();
  showList();
  addEventListener("keydown", onKey);
  document.documentElement.dataset.ready = "yes";
  // Sorting by words is the slowest; it is done before it is asked for.
  const idle = window.requestIdleCallback ?? ((work) => setTimeout(work, 300));
  for (const { name } of columns) idle(() => order(name));
}

start();
