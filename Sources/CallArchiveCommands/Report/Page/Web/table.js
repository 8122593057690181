// The table: only the rows in sight exist, and are used again while it is scrolled.

const columns = [
  { name: "start", label: "Start (UTC)", text: startText },
  { name: "seconds", label: "Length", text: (index) => clock(column.seconds[index]) },
  { name: "status", label: "Status", text: statusText },
  { name: "id", label: "Recording", text: (index) => shown(idOf(index), 120) },
  { name: "call", label: "Call", text: (index) => shown(partiesOf(index), 120) },
  { name: "bytes", label: "Size", text: (index) => bytesText(column.bytes[index]) },
];

/// Browsers hold no element higher than some 17 million pixels; above this, scrolling is
/// proportional.
const highest = 12000000;
const spare = 4;

const table = { selected: -1, place: -1, pool: [], rowHeight: 40 };

function statusText(index) {
  const name = statusNames[column.status[index]];
  const code = errorOf(index)?.[0];
  return code ? `${name}: ${shown(code, 40)}` : name;
}

function makeHeads() {
  const heads = element("heads");
  heads.append(make("span", { role: "columnheader", "aria-label": "Play" }));
  for (const one of columns) {
    const button = make("button", { type: "button", tabindex: "-1" }, one.label);
    button.addEventListener("click", () => sortBy(one.name));
    heads.append(make("span", { role: "columnheader", class: one.name, "data-sort": one.name }, button));
    element("sort").append(
      make("option", { value: `${one.name} down` }, `${one.label}, ${one.name === "start" ? "newest" : "largest"} first`),
      make("option", { value: `${one.name} up` }, `${one.label}, ${one.name === "start" ? "oldest" : "smallest"} first`));
  }
  for (const option of element("sort").options) {
    const [name] = option.value.split(" ");
    if (["id", "call", "status"].includes(name)) {
      option.textContent = option.textContent.replace("largest first", "Z to A").replace("smallest first", "A to Z");
    }
  }
}

function makeRow() {
  const row = make("div", { role: "row", class: "row" });
  row.append(make("span", { role: "gridcell", class: "go", "aria-hidden": "true" }));
  for (const one of columns) row.append(make("span", { role: "gridcell", class: one.name }));
  element("spacer").append(row);
  return { row, cells: [...row.children], index: -1, place: -1, top: NaN };
}

function fill(slot, index) {
  slot.index = index;
  const { row, cells } = slot;
  row.id = `row-${index}`;
  row.dataset.index = index;
  row.dataset.status = statusNames[column.status[index]];
  row.classList.toggle("risk", isAtRisk(index));
  columns.forEach((one, at) => {
    cells[at + 1].textContent = one.text(index);
  });
}

function measure() {
  table.rowHeight = parseFloat(getComputedStyle(element("grid")).getPropertyValue("--row")) || 40;
  const scroller = element("scroller");
  // The heads stand above the rows, also where a scroll bar takes room.
  element("heads").style.setProperty("--gutter", `${scroller.offsetWidth - scroller.clientWidth}px`);
  const height = view.list.length * table.rowHeight;
  element("spacer").style.height = `${Math.min(height, highest)}px`;
  for (const slot of table.pool) slot.top = NaN;
}

/// From the scroll position to the first pixel in sight of the whole, unshortened table.
function virtualTop() {
  const scroller = element("scroller");
  const height = view.list.length * table.rowHeight;
  if (height <= highest) return scroller.scrollTop;
  const most = highest - scroller.clientHeight;
  return (scroller.scrollTop / most) * (height - scroller.clientHeight);
}

function draw() {
  const scroller = element("scroller");
  const top = virtualTop();
  const shift = scroller.scrollTop - top;
  const first = Math.max(0, Math.floor(top / table.rowHeight) - spare);
  const last = Math.min(view.list.length, Math.ceil((top + scroller.clientHeight) / table.rowHeight) + spare);
  while (table.pool.length < last - first) table.pool.push(makeRow());
  const size = table.pool.length;
  for (const slot of table.pool) slot.wanted = false;
  for (let place = first; place < last; place += 1) {
    const slot = table.pool[place % size];
    const index = view.list[place];
    const pixel = place * table.rowHeight + shift;
    slot.wanted = true;
    if (slot.place !== place) {
      slot.place = place;
      slot.row.setAttribute("aria-rowindex", place + 2);
    }
    if (slot.index !== index) fill(slot, index);
    if (slot.top !== pixel) {
      slot.top = pixel;
      slot.row.style.transform = `translateY(${pixel}px)`;
    }
    const isSelected = index === table.selected;
    if (slot.isSelected !== isSelected) {
      slot.isSelected = isSelected;
      slot.row.setAttribute("aria-selected", isSelected);
    }
  }
  for (const slot of table.pool) {
    if (slot.row.hidden === slot.wanted) slot.row.hidden = !slot.wanted;
  }
  const inSight = table.pool.find((slot) => slot.wanted && slot.index === table.selected);
  if (inSight) element("grid").setAttribute("aria-activedescendant", inSight.row.id);
  else element("grid").removeAttribute("aria-activedescendant");
}

/// After a change of filter or order.
function showList(keepsPlace = false) {
  const { length, seconds } = refresh();
  const grid = element("grid");
  grid.setAttribute("aria-rowcount", length + 1);
  grid.hidden = length === 0;
  element("none").hidden = length > 0 || total === 0;
  element("found").textContent = isFiltered()
    ? `${count(length)} of ${plural(total, "recording")}, ${span(seconds)} of audio`
    : plural(total, "recording");
  for (const head of element("heads").children) {
    if (!head.dataset.sort) continue;
    const isSorted = head.dataset.sort === view.sort;
    head.setAttribute("aria-sort", isSorted ? (view.descending ? "descending" : "ascending") : "none");
  }
  element("sort").value = `${view.sort} ${view.descending ? "down" : "up"}`;
  table.place = view.list.indexOf(table.selected);
  measure();
  if (!keepsPlace) element("scroller").scrollTop = 0;
  draw();
}

function sortBy(name) {
  // Numbers and times begin with the largest, words with A.
  view.descending = view.sort === name ? !view.descending : !texts[name] && name !== "status";
  view.sort = name;
  showList();
}

function reveal(place) {
  const scroller = element("scroller");
  const top = virtualTop();
  const pixel = place * table.rowHeight;
  const room = scroller.clientHeight - table.rowHeight;
  const wanted = pixel < top ? pixel : pixel > top + room ? pixel - room : top;
  if (wanted === top) return;
  const height = view.list.length * table.rowHeight;
  scroller.scrollTop =
    height <= highest
      ? wanted
      : (wanted / (height - scroller.clientHeight)) * (highest - scroller.clientHeight);
}

/// Goes `steps` rows on from the selected one.
function step(steps) {
  if (view.list.length === 0) return;
  const from = table.place < 0 ? (steps > 0 ? -1 : 0) : table.place;
  selectPlace(Math.max(0, Math.min(view.list.length - 1, from + steps)));
}

function selectPlace(place) {
  table.place = place;
  table.selected = view.list[place];
  reveal(place);
  draw();
  showPlayer(table.selected);
  uncover();
}

/// Moves the page where the selected row lies outside the window or behind the player.
function uncover() {
  const row = table.pool.find((slot) => slot.wanted && slot.index === table.selected)?.row;
  if (!row) return;
  const { top, bottom } = row.getBoundingClientRect();
  const limit = element("player").getBoundingClientRect().top;
  if (bottom > limit) scrollBy(0, bottom - limit + 8);
  else if (top < 40) scrollBy(0, top - 60);
}

/// For paper: the rows as plain lines, as many as make sense there.
const mostPrinted = 500;

function printRows() {
  const made = make("table", {});
  made.append(make("tr", {}, ...columns.map((one) => make("th", { class: one.name }, one.label))));
  for (const index of view.list.subarray(0, mostPrinted)) {
    made.append(make("tr", {}, ...columns.map((one) => make("td", { class: one.name }, one.text(index)))));
  }
  element("printed").replaceChildren(made);
  if (view.list.length > mostPrinted) {
    element("printed").append(
      make("p", {}, `The first ${count(mostPrinted)} of ${count(view.list.length)}; filter the page to print others.`));
  }
}

function startTable() {
  makeHeads();
  const scroller = element("scroller");
  scroller.addEventListener("scroll", draw, { passive: true });
  scroller.addEventListener("click", (event) => {
    const row = event.target.closest(".row");
    if (!row) return;
    selectPlace(view.list.indexOf(Number(row.dataset.index)));
    if (event.target.closest(".go")) togglePlay();
  });
  scroller.addEventListener("dblclick", (event) => {
    if (event.target.closest(".row") && !event.target.closest(".go")) togglePlay();
  });
  new ResizeObserver(() => {
    measure();
    draw();
  }).observe(scroller);
  addEventListener("beforeprint", printRows);
  addEventListener("afterprint", () => element("printed").replaceChildren());
}
