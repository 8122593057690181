// The player: one audio element, which plays the recording that is selected.

const audio = element("audio");
const player = { index: -1, loaded: -1, wave: null, timer: 0, frame: 0 };

const lengthNow = () =>
  Number.isFinite(audio.duration) && player.loaded === player.index
    ? audio.duration : column.seconds[player.index] || 0;
const timeNow = () => (player.loaded === player.index ? audio.currentTime : 0);

/// Shows a recording; it is not loaded before it was looked at for a moment, so that one can
/// walk through many.
function showPlayer(index) {
  const isNew = player.index !== index;
  element("player").hidden = false;
  makeRoom();
  if (!isNew) return;
  audio.pause();
  player.index = index;
  player.wave = waveOf(index);
  element("title-id").textContent = shown(idOf(index), 200);
  element("title-time").textContent = [startText(index), clock(column.seconds[index])].filter(Boolean).join(" · ");
  const isArchived = fileOf(index) !== null;
  element("play").disabled = !isArchived;
  element("wave").hidden = !isArchived;
  element("speed").hidden = !isArchived;
  tell(isArchived ? "" : whyNot(index));
  if (!element("details").hidden) fillDetails();
  drawWave();
  clearTimeout(player.timer);
  if (isArchived) player.timer = setTimeout(loadAudio, 200);
}

function loadAudio() {
  clearTimeout(player.timer);
  if (player.loaded === player.index || player.index < 0) return;
  player.loaded = player.index;
  audio.src = linkOf(player.index);
  audio.playbackRate = Number(element("speed").value);
}

function whyNot(index) {
  const error = errorOf(index);
  const words = {
    pending: "Not downloaded yet.",
    waiting: "Not complete at the provider yet.",
    unavailable: "The provider could not keep it.",
    gone: "The provider no longer has it.",
    failed: "Not archived.",
  };
  const text = words[statusNames[column.status[index]]] ?? "";
  return error ? `${text} ${shown(error[1] || error[0], 400)}` : text;
}

function tell(text) {
  element("trouble").hidden = text === "";
  element("trouble").textContent = text;
}

function togglePlay() {
  if (player.index < 0 || fileOf(player.index) === null) return;
  loadAudio();
  if (!audio.paused) return audio.pause();
  // A refusal arrives as the element's error, too.
  audio.play().catch(() => {});
}

function seek(seconds) {
  if (player.index < 0 || fileOf(player.index) === null) return;
  loadAudio();
  audio.currentTime = Math.max(0, Math.min(lengthNow(), seconds));
  drawWave();
}

function closePlayer() {
  audio.pause();
  element("player").hidden = true;
  makeRoom();
  element("grid").focus({ preventScroll: true });
}

// MARK: - What it looks like

/// Drawn by the processor: a first picture from the graphics card takes a tenth of a second.
const penOf = (canvas) => canvas.getContext("2d", { willReadFrequently: true });

function drawWave() {
  if (element("player").hidden) return;
  const [time, length] = [timeNow(), lengthNow()];
  const wave = element("wave");
  wave.setAttribute("aria-valuemax", Math.round(length));
  wave.setAttribute("aria-valuenow", Math.round(time));
  wave.setAttribute("aria-valuetext", `${clock(time)} of ${clock(length)}`);
  element("clock").textContent = length > 0 ? `${clock(time)} / ${clock(length)}` : "";
  const canvas = element("canvas");
  const [width, height] = [wave.clientWidth, wave.clientHeight];
  if (width === 0) return;
  const ratio = devicePixelRatio || 1;
  if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
  }
  const style = getComputedStyle(wave);
  const pen = penOf(canvas);
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  pen.clearRect(0, 0, width, height);
  const played = length > 0 ? (time / length) * width : 0;
  const [done, open] = [style.getPropertyValue("--done"), style.getPropertyValue("--open")];
  if (player.wave) drawBars(pen, width, height, played, done, open);
  else drawLine(pen, width, height, played, done, open);
}

function drawBars(pen, width, height, played, done, open) {
  const loudest = Math.max(8, ...player.wave.map((channel) => channel.reduce((a, b) => Math.max(a, b), 0)));
  const bars = Math.max(1, Math.floor(width / 3));
  const half = height / 2;
  const loudness = (channel, at) => {
    const from = Math.floor((at / bars) * channel.length);
    const until = Math.max(from + 1, Math.floor(((at + 1) / bars) * channel.length));
    let most = 0;
    for (let place = from; place < until; place += 1) most = Math.max(most, channel[place]);
    return Math.max(1, (most / loudest) * (half - 1));
  };
  const upper = player.wave[0];
  // Two channels: the one above the line, the other below.
  const lower = player.wave[1] ?? upper;
  for (let at = 0; at < bars; at += 1) {
    pen.fillStyle = at * 3 < played ? done : open;
    const [up, down] = [loudness(upper, at), loudness(lower, at)];
    pen.fillRect(at * 3, half - up, 2, up + down);
  }
}

function drawLine(pen, width, height, played, done, open) {
  pen.fillStyle = open;
  pen.fillRect(0, height / 2 - 2, width, 4);
  pen.fillStyle = done;
  pen.fillRect(0, height / 2 - 2, played, 4);
  pen.beginPath();
  pen.arc(Math.max(6, Math.min(width - 6, played)), height / 2, 6, 0, 2 * Math.PI);
  pen.fill();
}

function follow() {
  cancelAnimationFrame(player.frame);
  drawWave();
  if (!audio.paused) player.frame = requestAnimationFrame(follow);
}

function showState() {
  const isPlaying = !audio.paused;
  element("play").setAttribute("aria-label", isPlaying ? "Pause" : "Play");
  element("play-shape").setAttribute("d", isPlaying ? "M3.5 2.5h3v11h-3zM9.5 2.5h3v11h-3z" : "M4 2.5v11l9-5.5z");
  follow();
}

function fillDetails() {
  const index = player.index;
  const row = rows[index];
  const error = errorOf(index);
  const file = fileOf(index);
  const transcription = transcriptionOf(index);
  const link = (path) => (path ? make("a", { href: linkTo(path) }, shown(path)) : "");
  const entries = [
    ["Recording", shown(row[0])],
    ["Call", shown(callOf(index))],
    ["From", row[14] ? shown(row[14], 100) : ""],
    ["To", row[15] ? shown(row[15], 100) : ""],
    ["Started", startText(index) + (typeof row[2] === "number" ? " UTC" : "")],
    ["Length", clock(column.seconds[index])],
    ["Status", statusText(index)],
    ["State at the provider", row[13] ? shown(row[13], 100) : ""],
    ["Reason", error ? shown(error[1]) : ""],
    ["Attempts", error ? `${count(error[2])}${error[3] ? `, last ${moment(error[3] * 1000)} UTC` : ""}` : ""],
    ["Left", isAtRisk(index) ? daysText(daysLeft(index)) : ""],
    ["File", link(file)],
    ["Size", bytesText(column.bytes[index])],
    ["Format", formatText(row[7])],
    ["Transcription", link(transcription)],
    ["Archived", row[10] ? `${moment(row[10] * 1000)} UTC, sequence ${row[9]}` : ""],
  ];
  const list = make("dl");
  for (const [name, value] of entries) {
    if (value !== "") list.append(make("div", {}, make("dt", {}, name), make("dd", {}, value)));
  }
  element("details").replaceChildren(list);
}

function toggleDetails() {
  if (player.index < 0 || element("player").hidden) return;
  const details = element("details");
  details.hidden = !details.hidden;
  element("details-open").setAttribute("aria-expanded", !details.hidden);
  if (!details.hidden) fillDetails();
  makeRoom();
  uncover();
}

/// The page's end can be scrolled to above the player, however high that is.
function makeRoom() {
  const { hidden, offsetHeight } = element("player");
  document.body.style.paddingBottom = hidden ? "" : `${offsetHeight + 20}px`;
}

function startPlayer() {
  element("play").addEventListener("click", togglePlay);
  element("close").addEventListener("click", closePlayer);
  element("details-open").addEventListener("click", toggleDetails);
  element("speed").addEventListener("change", () => {
    audio.playbackRate = Number(element("speed").value);
  });
  for (const name of ["play", "pause", "ended"]) audio.addEventListener(name, showState);
  for (const name of ["loadedmetadata", "seeked", "durationchange"]) audio.addEventListener(name, drawWave);
  audio.addEventListener("error", () => {
    if (player.loaded !== player.index || !audio.error) return;
    element("wave").hidden = true;
    const format = formatText(rows[player.index][7]);
    tell(`This browser cannot play the file${format ? ` (${format})` : ""}, or it is not where it was when the page was made.`);
  });
  const wave = element("wave");
  const seekTo = (event) => {
    const box = wave.getBoundingClientRect();
    seek(((event.clientX - box.left) / box.width) * lengthNow());
  };
  wave.addEventListener("pointerdown", (event) => {
    wave.setPointerCapture(event.pointerId);
    seekTo(event);
  });
  wave.addEventListener("pointermove", (event) => {
    if (event.buttons & 1) seekTo(event);
  });
  new ResizeObserver(drawWave).observe(wave);
  new ResizeObserver(makeRoom).observe(element("player"));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawWave);
}
