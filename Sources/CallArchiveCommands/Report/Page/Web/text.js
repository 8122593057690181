"use strict";
// Words and numbers as people read them, and the one way from a text to the page.

const element = (id) => document.getElementById(id);

/// Untrusted text only ever becomes text nodes and attributes' values, through here.
function make(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

const dangerous = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/// A text with what a browser would act on or not show written out, as the program does it.
function shown(text, most = Infinity) {
  const head = text.length > most ? text.slice(0, most) + "…" : text;
  if (/^[\x20-\x7e]*$/.test(head)) return head;
  return head.replace(dangerous, (one) => {
    const code = one.codePointAt(0);
    if (one === "\n") return "\\n";
    if (one === "\r") return "\\r";
    if (one === "\t") return "\\t";
    const hex = code.toString(16);
    return code < 0x100 ? "\\x" + hex.padStart(2, "0") : `\\u{${hex}}`;
  });
}

const counted = new Intl.NumberFormat("en-US");
const count = (number) => counted.format(number);
const plural = (number, one, many = one + "s") => `${count(number)} ${number === 1 ? one : many}`;

function bytesText(number) {
  if (!(number >= 0)) return "";
  const units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];
  let unit = 0;
  while (number >= 1023.95 && unit < units.length - 1) {
    number /= 1024;
    unit += 1;
  }
  return unit === 0 ? `${number} B` : `${counted.format(Math.round(number * 10) / 10)} ${units[unit]}`;
}

const two = (number) => String(number).padStart(2, "0");

/// A length, as `1:33` or `1:02:05`.
function clock(seconds) {
  if (!(seconds >= 0) || seconds === Infinity) return "";
  const whole = Math.floor(seconds + 1e-6);
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

/// A long time in its two largest units.
function span(seconds) {
  if (seconds < 60) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  if (minutes < 60 * 100) return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
  return `${count(Math.round(minutes / 60))} h`;
}

const dayLength = 86400000;

/// As `2013-02-08 13:15:47`, UTC; "" for no time.
function moment(milliseconds) {
  const date = new Date(milliseconds);
  return Number.isNaN(date.getTime()) ? "" : date.toISOString().slice(0, 19).replace("T", " ");
}

const dayText = (milliseconds) => moment(milliseconds).slice(0, 10);

function daysText(days) {
  if (days < 0) return "may be deleted already";
  return days < 1 ? "less than a day left" : `${plural(Math.floor(days), "day")} left`;
}

/// `pcm_s16le` and the like in plain words.
function formatText(format) {
  if (!format) return "";
  const [container, encoding, rate, channels] = format.split("/");
  const parts = [container === "wav" ? "WAV" : container.toUpperCase()];
  const words = { pcm_mulaw: "µ-law", pcm_alaw: "A-law", pcm_s16le: "PCM 16 bit", pcm_u8: "PCM 8 bit" };
  if (encoding && encoding !== container) parts.push(words[encoding] ?? encoding);
  if (rate) parts.push(`${Number(rate) / 1000} kHz`);
  if (channels) parts.push(channels === "1" ? "mono" : channels === "2" ? "stereo" : `${channels} channels`);
  return shown(parts.join(", "), 100);
}
