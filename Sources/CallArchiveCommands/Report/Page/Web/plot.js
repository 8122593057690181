// Recordings and minutes by day, drawn as two small plots over one axis of time.

const plot = { bars: [], unit: "day", at: -1, outside: 0 };
const mostYears = 20;
const groups = [
  { name: "archived", label: "archived" },
  { name: "owed", label: "not archived yet" },
  { name: "lost", label: "gone or unavailable" },
];

const svg = (tag, attributes = {}, ...children) => {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
};

/// The first moment of the day, week (from Monday) or month that a time lies in.
function floorTo(unit, time) {
  const day = Math.floor(time / dayLength) * dayLength;
  if (unit === "day") return day;
  const date = new Date(day);
  if (unit === "week") return day - ((date.getUTCDay() + 6) % 7) * dayLength;
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1);
}

function after(unit, time) {
  if (unit === "day") return time + dayLength;
  if (unit === "week") return time + 7 * dayLength;
  const date = new Date(time);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1);
}

/// Counts once; false when no recording has a time to show.
function collect(width) {
  let last = -Infinity;
  for (const start of column.start) {
    if (start <= facts.generatedAt + 2 * dayLength && start > last) last = start;
  }
  if (last === -Infinity) return false;
  const least = last - mostYears * 366 * dayLength;
  let first = last;
  for (const start of column.start) if (start >= least && start < first) first = start;
  const days = (last - first) / dayLength + 1;
  plot.unit = days * 4 <= width ? "day" : (days / 7) * 4 <= width ? "week" : "month";
  plot.bars = [];
  const places = new Map();
  const end = floorTo(plot.unit, last);
  for (let time = floorTo(plot.unit, first); time <= end; time = after(plot.unit, time)) {
    places.set(time, plot.bars.length);
    plot.bars.push({ from: time, until: after(plot.unit, time), archived: 0, owed: 0, lost: 0, seconds: 0 });
  }
  plot.outside = 0;
  for (let index = 0; index < total; index += 1) {
    const start = column.start[index];
    const bar = Number.isNaN(start) ? undefined : plot.bars[places.get(floorTo(plot.unit, start))];
    if (!bar) {
      plot.outside += 1;
      continue;
    }
    const status = column.status[index];
    bar[status === archived ? "archived" : owed.has(status) ? "owed" : "lost"] += 1;
    if (status === archived && column.seconds[index] > 0) bar.seconds += column.seconds[index];
  }
  return true;
}

/// 1, 2 or 5 times a power of ten, not below `value`.
function niceTop(value) {
  const power = 10 ** Math.floor(Math.log10(Math.max(value, 1)));
  return [1, 2, 5, 10].map((factor) => factor * power).find((top) => top >= value);
}

const sizes = { left: 46, right: 8, top: 26, height: 84, gap: 40, foot: 22 };

function drawPlot() {
  const width = element("plot").clientWidth;
  if (width < 50) return;
  const has = collect(width - sizes.left - sizes.right);
  element("days").hidden = !has;
  if (!has) return;
  const inner = width - sizes.left - sizes.right;
  const high = sizes.top + 2 * sizes.height + sizes.gap + sizes.foot;
  const made = svg("svg", { viewBox: `0 0 ${width} ${high}`, width, height: high, "aria-hidden": "true" });
  const step = inner / plot.bars.length;
  const bar = Math.max(1, Math.min(step - (step > 4 ? 2 : step > 2 ? 1 : 0), 36));
  const lower = sizes.top + sizes.height + sizes.gap;
  panel(made, sizes.top, `recordings per ${plot.unit}`, groups.map((group) => group.name), (one) => one, step, bar, inner);
  panel(made, lower, `minutes per ${plot.unit}`, ["seconds"], (one) => one / 60, step, bar, inner);
  axis(made, high - 6, step, inner);
  const mark = svg("rect", { class: "mark", y: 4, width: Math.max(step, 3), height: high - sizes.foot - 4, visibility: "hidden" });
  made.prepend(mark);
  plot.mark = mark;
  plot.step = step;
  element("plot").replaceChildren(made);
  element("days-title").textContent = { day: "Per day", week: "Per week", month: "Per month" }[plot.unit];
  element("legend").replaceChildren(
    ...groups
      .filter((group) => group.name === "archived" || plot.bars.some((one) => one[group.name] > 0))
      .map((group) => make("li", { class: group.name }, group.label)));
  if (plot.outside > 0) {
    element("legend").append(make("li", { class: "plain" }, `${plural(plot.outside, "recording")} without a time to show`));
  }
  point(-1);
}

function panel(made, top, label, names, scale, step, bar, inner) {
  const sums = plot.bars.map((one) => names.reduce((sum, name) => sum + scale(one[name]), 0));
  const most = niceTop(sums.reduce((a, b) => Math.max(a, b), 0));
  made.append(svg("text", { class: "label", x: 0, y: top - 12 }, label));
  for (const [part, value] of [[0, most], [0.5, most / 2], [1, 0]]) {
    const y = top + part * sizes.height;
    made.append(svg("line", { class: part === 1 ? "base" : "rule", x1: sizes.left, x2: sizes.left + inner, y1: y, y2: y }));
    if (Number.isInteger(value)) {
      made.append(svg("text", { class: "tick", x: sizes.left - 8, y: y + 4, "text-anchor": "end" }, value >= 10000 ? `${count(value / 1000)}k` : count(value)));
    }
  }
  for (const name of names) {
    let path = "";
    plot.bars.forEach((one, at) => {
      const value = scale(one[name]);
      if (!(value > 0)) return;
      let below = 0;
      for (const other of names) {
        if (other === name) break;
        below += scale(one[other]);
      }
      const height = Math.max((value / most) * sizes.height, 1);
      const y = top + sizes.height - (below / most) * sizes.height - height;
      const x = sizes.left + at * step + (step - bar) / 2;
      path += `M${x.toFixed(1)} ${y.toFixed(1)}h${bar.toFixed(1)}v${height.toFixed(1)}h-${bar.toFixed(1)}z`;
    });
    made.append(svg("path", { class: name, d: path }));
  }
}

function axis(made, y, step, inner) {
  const room = Math.max(1, Math.floor(inner / 76));
  // Weeks are named by their month, at the first one of it.
  const named = plot.bars.map((_, at) => at)
    .filter((at) => plot.unit !== "week" || at === 0 || monthOf(plot.bars[at].from) !== monthOf(plot.bars[at - 1].from));
  // A first month of a few weeks would stand upon the second.
  if (plot.unit === "week" && named.length > 1 && (named[1] - named[0]) * step < 76) named.shift();
  const every = Math.max(1, Math.ceil(named.length / room));
  for (let place = 0; place < named.length; place += every) {
    const at = named[place];
    const x = sizes.left + (at + 0.5) * step;
    if (x > sizes.left + inner - 20 && place > 0) break;
    const text = (plot.unit === "day" ? shortDay : shortMonth).format(plot.bars[at].from);
    made.append(svg("text", { class: "tick", x, y, "text-anchor": "middle" }, text));
  }
}

const weekday = new Intl.DateTimeFormat("en-GB", { weekday: "short", day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
const shortDay = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", timeZone: "UTC" });
const shortMonth = new Intl.DateTimeFormat("en-GB", { month: "short", year: "numeric", timeZone: "UTC" });
const month = new Intl.DateTimeFormat("en-GB", { month: "long", year: "numeric", timeZone: "UTC" });

const monthOf = (time) => new Date(time).getUTCMonth();

/// Says what a bar stands for; -1: nothing.
function point(at) {
  plot.at = at;
  const one = plot.bars[at];
  plot.mark?.setAttribute("visibility", one ? "visible" : "hidden");
  if (!one) {
    element("days-words").textContent = "";
    return;
  }
  plot.mark.setAttribute("x", sizes.left + at * plot.step);
  const name =
    plot.unit === "month" ? month.format(one.from)
      : (plot.unit === "week" ? "week of " : "") + weekday.format(one.from);
  const all = one.archived + one.owed + one.lost;
  const rest = all - one.archived;
  element("days-words").textContent =
    `${name}: ${plural(all, "recording")}, ${span(one.seconds)}` + (rest > 0 ? `; ${count(rest)} not archived` : "");
}

function openBar() {
  const one = plot.bars[plot.at];
  if (!one) return;
  setFilter({ ...everything, from: one.from, until: one.until });
  element("recordings").scrollIntoView({ block: "start" });
}

function startPlot() {
  const box = element("plot");
  const barAt = (event) => {
    const x = event.clientX - box.getBoundingClientRect().left - sizes.left;
    const at = Math.floor(x / plot.step);
    return at >= 0 && at < plot.bars.length ? at : -1;
  };
  box.addEventListener("pointermove", (event) => point(barAt(event)));
  box.addEventListener("pointerleave", () => point(-1));
  box.addEventListener("click", (event) => {
    point(barAt(event));
    openBar();
  });
  box.addEventListener("keydown", (event) => {
    const last = plot.bars.length - 1;
    const moves = { ArrowLeft: plot.at - 1, ArrowRight: plot.at + 1, Home: 0, End: last };
    if (event.key in moves) point(Math.max(0, Math.min(last, moves[event.key])));
    else if (event.key === "Enter" || event.key === " ") openBar();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  box.addEventListener("blur", () => point(-1));
  let width = 0;
  new ResizeObserver(() => {
    if (box.clientWidth === width) return;
    width = box.clientWidth;
    drawPlot();
  }).observe(box);
}
