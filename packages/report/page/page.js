// Made by packages/report/page/build.mjs from packages/report/src/browser.
// packages/data/src/time-text.ts
/** Nanoseconds per unit of time as users write it. */
const NS_PER = {
	ns: 1,
	us: 1e3,
	µs: 1e3,
	ms: 1e6,
	s: 1e9,
	min: 6e10,
	h: 36e11,
	d: 864e11
};
/** A time for people, to three decimals or as many as tell it from one `stepNs` away: `7.058 s`. */
function roundTime(ns, stepNs = Infinity) {
	const size = Math.abs(ns);
	const [unit, per] = size >= 1e9 || size === 0 ? ["s", 1e9] : size >= 1e6 ? ["ms", 1e6] : size >= 1e3 ? ["µs", 1e3] : ["ns", 1];
	const scale = 10 ** Math.max(3, Math.min(9, Math.ceil(Math.log10(per / stepNs))));
	return `${Math.round(ns / per * scale) / scale} ${unit}`;
}

// packages/data/src/table.ts
const tableSpec = (spec) => spec;

// packages/data/src/tables/gap.ts
/**
* The classes of resident memory in the order of the ledger: a page falls into the first that fits.
* consumed − active is the sum of all but `active`; `sharing` is a credit ≤ 0.
*/
const LEDGER_CLASSES = [
	"active",
	"slack",
	"freed",
	"idle1",
	"idle5",
	"idle30",
	"sharing"
];

// packages/data/src/size-text.ts
const PAGE_BYTES = 4096;
const TENTHS$1 = new Intl.NumberFormat("en-US", { maximumFractionDigits: 1 });
const HUNDREDTHS = new Intl.NumberFormat("en-US", { maximumFractionDigits: 2 });
/** Pages for people, in binary units: 56,275 pages → `219.8 MiB`. */
function formatPages(pages) {
	const bytes = Math.abs(pages) * PAGE_BYTES;
	const sign = pages < 0 ? "−" : "";
	const [unit, per] = bytes >= 2 ** 40 ? ["TiB", 2 ** 40] : bytes >= 2 ** 30 ? ["GiB", 2 ** 30] : bytes >= 2 ** 20 ? ["MiB", 2 ** 20] : ["KiB", 1024];
	return `${sign}${(unit === "GiB" || unit === "TiB" ? HUNDREDTHS : TENTHS$1).format(bytes / per)} ${unit}`;
}

// packages/data/src/table-csv.ts
/**
* A table as CSV (RFC 4180): header, then one line per row; unknown numbers are empty. Text that a spreadsheet would take for a formula
* stands behind an apostrophe, and so does text that begins with one: without its first apostrophe, text is what it was.
*/
function toCsv(table) {
	const names = Object.keys(table.spec.columns);
	const lines = [names.join(",")];
	for (let i = 0; i < table.length; i++) lines.push(names.map((name) => field(table.columns[name]?.[i])).join(","));
	return `${lines.join("\n")}\n`;
}
/** How text begins that spreadsheets run (OWASP, CSV Injection), or that we have marked. */
const RUNS = /^[=+\-@\t\r\n']/;
const NUMBER = /^[+-]?\d+(\.\d+)?$/;
function field(value) {
	if (value === void 0 || Number.isNaN(value)) return "";
	if (typeof value === "number") return String(value);
	const text = RUNS.test(value) && !NUMBER.test(value) ? `'${value}` : value;
	return /[",\n\r]/.test(text) ? `"${text.replaceAll("\"", "\"\"")}"` : text;
}

// packages/report/src/linked-text.ts
const figure = (text, ...rows) => ({
	text,
	rows
});
const command = (text) => ({
	text,
	isCommand: true
});
const partsOf = (part) => typeof part === "string" || "text" in part ? [part] : part;
/** A sentence by template: strings, figures, and sentences themselves. */
const linked = (strings, ...parts) => strings.flatMap((string, i) => [...i === 0 ? [] : partsOf(parts[i - 1] ?? ""), string]).filter((part) => part !== "");
const plainText = (text) => text.map((part) => typeof part === "string" ? part : part.text).join("");
/** `a, b and c` */
const joinedText = (texts) => texts.flatMap((text, i) => i === 0 ? text : [i === texts.length - 1 ? " and " : ", ", ...text]);
/** Sentences one after the other; empty ones are left out. */
const spaced = (texts) => texts.filter((text) => text.length > 0).flatMap((text, i) => i === 0 ? text : [" ", ...text]);

// packages/report/src/memory-unit.ts
const KIB = {
	name: "KiB",
	pages: 1024 / PAGE_BYTES
};
const MIB = {
	name: "MiB",
	pages: 2 ** 20 / PAGE_BYTES
};
const GIB = {
	name: "GiB",
	pages: 2 ** 30 / PAGE_BYTES
};
/** The unit in which a whole axis up to `pagesMax` reads well: MiB, unless that gives fractions only, or five digits. */
function memoryUnit(pagesMax) {
	if (pagesMax >= 16 * GIB.pages) return GIB;
	return pagesMax < MIB.pages ? KIB : MIB;
}
/** Pages in a unit, to 1/1000. NaN and missing become null, which charts leave out. */
const inUnit = (pages, unit) => Number.isFinite(pages) ? Math.round(pages / unit.pages * 1e3) / 1e3 : null;
const WHOLE = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });
const TENTHS = new Intl.NumberFormat("en-US", { maximumFractionDigits: 1 });
/** A count for people: `56,275`. Shared pages have tenths, rounded so that sums with whole pages hold: halves go up, of negative numbers too. */
const formatCount = (n) => TENTHS.format(Number.isInteger(n) ? n : inTenths(n)).replace("-", "−");
const inTenths = (n) => Math.round(Math.round(n * 1e6) / 1e5) / 10 + 0;
/** A measured figure for people: `0.06`, `2.20`, `31.3`, `1,642`; whole numbers as they are, and what is there is never rounded to nothing. */
function formatFigure(n) {
	if (n > 0 && n < .005) return "< 0.01";
	const digits = Number.isInteger(n) || n >= 99.95 ? 0 : n < 9.995 ? 2 : 1;
	return n.toLocaleString("en-US", {
		minimumFractionDigits: digits,
		maximumFractionDigits: digits
	});
}
/** Pages for people: `1 page`, `56,275 pages`. */
const formatPageCount = (pages) => `${formatCount(pages)} ${pages === 1 ? "page" : "pages"}`;
/** A share for people: `59 %`, `0.9 %`, `< 0.1 %`; what is not all is never rounded to it: `99.6 %`, `> 99.9 %`. */
function formatShare(part, whole) {
	const percent = part / whole * 100;
	if (!Number.isFinite(percent)) return "–";
	if (percent !== 0 && Math.abs(percent) < .1) return percent < 0 ? "> −0.1 %" : "< 0.1 %";
	const size = Math.abs(percent);
	if (size > 99.95 && size < 100) return percent < 0 ? "< −99.9 %" : "> 99.9 %";
	return `${(size < 9.95 || size >= 99.5 && size < 100 ? TENTHS : WHOLE).format(percent).replace("-", "−")} %`;
}

// packages/report/src/time-unit.ts
const unit = (name) => ({
	name,
	ns: NS_PER[name] ?? NaN
});
const UNITS = [
	unit("ns"),
	unit("µs"),
	unit("ms"),
	unit("s"),
	unit("min"),
	unit("h")
];
const isLong = ({ name }) => name === "min" || name === "h";
/** The unit in which an axis of this span reads well: at least two of it, minutes from five minutes on, hours from five hours on. */
function timeUnit(spanNs) {
	return UNITS.filter((each) => spanNs >= each.ns * (isLong(each) ? 5 : 2)).at(-1) ?? unit("ns");
}
/** A time in an axis's unit, for people: `14.78 min`. */
const formatInUnit = (ns, axis) => `${(ns / axis.ns).toLocaleString("en-US", { maximumFractionDigits: isLong(axis) ? 2 : 3 })} ${axis.name}`;
/** `roundTime`; from five minutes on in minutes or hours as well: `886.597 s (14.78 min)`. */
function formatInstant(ns, stepNs = Infinity) {
	const large = timeUnit(ns);
	const text = roundTime(ns, stepNs);
	return isLong(large) ? `${text} (${formatInUnit(ns, large)})` : text;
}
/** An interval for people, however short: `2.061 s to 2.064 s`. */
const formatInterval = (fromNs, toNs) => `${formatInstant(fromNs, toNs - fromNs)} to ${formatInstant(toNs, toNs - fromNs)}`;
/** An instant of an axis, to a thousandth of its unit. */
const formatOnAxis = (ns, { ns: per }) => formatInstant(ns, per / 1e3);
/** A measured time for people, to three digits: `9.47 min`, `1.05 s`, `15 µs`. */
function formatSpan(ns) {
	const large = timeUnit(ns);
	const { name, ns: per } = isLong(large) ? large : UNITS.findLast((each) => each.ns <= Math.min(ns, NS_PER["s"] ?? NaN)) ?? unit("ns");
	return `${(ns / per).toLocaleString("en-US", { maximumSignificantDigits: 3 })} ${name}`;
}
/** Whether a duration is short in a unit: a whole number, or of units up to seconds one with tenths. */
const isShortIn = (ns, each) => ns % each.ns === 0 || !isLong(each) && ns >= each.ns && ns % (each.ns / 10) === 0;
/** The largest unit in which a duration is short. */
const naturalUnit = (ns) => UNITS.findLast((each) => isShortIn(ns, each)) ?? unit("ns");
/** A duration for people: short in its natural unit (`1 min`, `90 s`, `2.5 s`, `350 ms`), else rounded: `291.667 ms`. */
function formatDuration(ns) {
	const { name, ns: per } = naturalUnit(ns);
	if (ns / per >= 1e4) return roundTime(ns);
	return `${(ns / per).toLocaleString("en-US")} ${name}`;
}
/** A range of durations, unit named once where it is the same: `1–5 s`, `1 min – 150 s`. */
function formatDurations(fromNs, toNs) {
	const from = naturalUnit(fromNs);
	const { name, ns } = from;
	if (!isShortIn(toNs, from)) return `${formatDuration(fromNs)} – ${formatDuration(toNs)}`;
	return `${(fromNs / ns).toLocaleString("en-US")}–${(toNs / ns).toLocaleString("en-US")} ${name}`;
}

// packages/report/src/vm-label.ts
const LENGTH_MAX = 60;
/** Letters that run from right to left (the blocks that Unicode keeps for them), which would draw numbers and points beside the name into their run. */
const LEFTWARD = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefe\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;
/** A name from the data as it is shown: one line, of bounded length, and isolated (U+2068 … U+2069) where it would reorder the text around it. */
function vmLabel(name, lengthMax = LENGTH_MAX) {
	const line = name.replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, " ").trim();
	const label = line.length > lengthMax ? `${line.slice(0, lengthMax - 1)}…` : line;
	return LEFTWARD.test(label) ? `\u2068${label}\u2069` : label;
}

// packages/report/src/explanation.ts
/** Pages in a sentence, with the rows that they are the sum of. */
const memory$1 = (pages, ...rows) => figure(formatPages(pages), ...rows);
function explanationText(explained, windowNs) {
	if (explained.isOff) return gapText(explained, windowNs);
	return spaced([
		gapText(explained, windowNs),
		futureText(explained, windowNs),
		estimatorText(explained)
	]);
}
/** "At 7 s alloc-4k consumes … but uses …; of the gap of …, … was freed by the guest …"; its shares are those of the ledger, of consumed. */
function gapText({ vm, counters, isOff, gapPages, ledger }, windowNs) {
	const { time, consumed, active, granted } = counters;
	if (isOff) return linked`At ${formatInstant(time)} ${vmLabel(vm)} is powered off and has no memory of the host.`;
	const head = linked`At ${formatInstant(time)} ${vmLabel(vm)} consumes ${memory$1(consumed, "consumed")} of host memory`;
	if (!(consumed > 0)) return linked`${head}: nothing has been backed yet.`;
	const share = figure(formatShare(active, consumed), "active");
	const uses = linked`and has touched ${memory$1(active, "active")} of it (${share}) in the last ${formatDuration(windowNs)}`;
	const parts = ledger.filter(({ class: cls, pages }) => cls !== "active" && cls !== "sharing" && pages > 0).sort((a, b) => b.pages - a.pages);
	if (parts.length === 0) return linked`${head} ${uses}: there is no gap to explain.`;
	const shareOf = (pages, cls) => consumed === granted ? linked`(${figure(formatShare(pages, consumed), cls)} of consumed) ` : [];
	const listed = joinedText(parts.map(({ pages, class: cls }, i) => linked`${memory$1(pages, cls)} ${shareOf(pages, cls)}${partWords(cls, windowNs, i)}`));
	if (consumed === granted) return linked`${head} ${uses}. Of the gap of ${memory$1(gapPages, "gap")}, ${listed}.`;
	const held = memory$1(granted - active, "granted", "active");
	const saved = memory$1(granted - consumed, "sharing");
	return linked`${head} ${uses}. Of ${held} that it holds besides, ${listed}; page sharing saves ${saved}, which leaves the gap of ${memory$1(gapPages, "gap")}.`;
}
/** What a part of the gap is; the first of the list brings the verb. */
function partWords(cls, windowNs, i) {
	const verb = i === 0 ? "was " : "";
	switch (cls) {
		case "freed": return `${verb}freed by the guest but ${i === 0 ? "is " : ""}still backed by the host`;
		case "slack": return `${verb}never touched at all, there only because backing comes in 2 MB blocks`;
		case "idle1": return `${verb}last touched ${formatDurations(windowNs, 5 * windowNs)} ago`;
		case "idle5": return `${verb}last touched ${formatDurations(5 * windowNs, 30 * windowNs)} ago`;
		default: return `${verb}not touched for ${formatDuration(30 * windowNs)} or more`;
	}
}
/** Of the idle classes; where the rest of the trace is shorter than a window it would say nothing (docs/architecture.md, The ledger). */
function futureText({ ledger, counters: { remaining }, history: { lastFuture } }, windowNs) {
	const idle = idleRows(ledger);
	if (idle.length === 0) return [];
	if (remaining < windowNs) {
		const seen = lastFuture === void 0 || lastFuture.pages === 0 ? "" : ` Seen from ${formatInstant(lastFuture.timeNs)}: of ${formatPages(lastFuture.pages)} idle then, ${formatPages(lastFuture.returns)} (${formatShare(lastFuture.returns, lastFuture.pages)}) was touched again in the rest of the trace.`;
		return linked`The trace ends ${remaining === 0 ? "there" : `${formatInstant(remaining)} later`}, too soon to say whether the idle memory is used again.${seen}`;
	}
	const rows = idle.map(({ class: cls }) => cls);
	const pages = idle.reduce((sum, row) => sum + row.pages, 0);
	const again = idle.reduce((sum, row) => sum + row.returns, 0);
	return linked`Of the ${memory$1(pages, ...rows)} idle, ${memory$1(again, ...rows)} (${figure(formatShare(again, pages), ...rows)}) is touched again in the remaining ${formatInstant(remaining)} of the trace.`;
}
/** The idle classes that hold something. */
const idleRows = (ledger) => ledger.filter(({ class: cls, pages }) => cls.startsWith("idle") && pages > 0);
function estimatorText({ counters: { activeReported, active } }) {
	if (Number.isNaN(activeReported)) return linked`The estimator has not finished its first period, so it reports nothing yet.`;
	const error = activeReported - active;
	if (error === 0) return linked`The estimator reports exactly the true active memory.`;
	const size = Math.abs(error);
	const rows = ["activeReported", "active"];
	return linked`The estimator would report ${memory$1(activeReported, "activeReported")} as active, ${memory$1(size, ...rows)} (${figure(formatPageCount(size), ...rows)}) ${error > 0 ? "more" : "less"} than the truth.`;
}

// packages/report/src/interval-text.ts
/** A short paragraph on one VM from one instant to a later one: what changed, and what is at its end. */
const intervalText = (from, to, windowNs) => from.counters.time === to.counters.time ? explanationText(to, windowNs) : spaced([changeText(from, to), explanationText(to, windowNs)]);
/** "From 1 s to 4 s consumed memory of … rises by …, active memory falls by …, and the gap grows by …: …" */
function changeText(from, to) {
	const [before, after] = [from.counters, to.counters];
	const head = linked`From ${formatInterval(before.time, after.time)} consumed memory of ${vmLabel(to.vm)} ${moved(after.consumed - before.consumed, "consumed")}, active memory ${moved(after.active - before.active, "active")}`;
	const gap = to.gapPages - from.gapPages;
	const parts = to.ledger.map(({ class: cls, words, pages }) => {
		const change = pages - (from.ledger.find((row) => row.class === cls)?.pages ?? 0);
		return {
			cls,
			words,
			change: cls === "sharing" ? -change : change
		};
	}).filter(({ cls, change }) => cls !== "active" && change !== 0).sort((a, b) => Math.abs(b.change) - Math.abs(a.change));
	if (parts.length === 0) return linked`${head}, and the gap stays the same.`;
	const listed = joinedText(parts.map(({ cls, words, change }) => linked`${figure(formatPages(Math.abs(change)), cls)} ${change > 0 ? "more" : "less"} ${words}`));
	return linked`${head}, and the gap ${moved(gap, "gap")}: ${listed}.`;
}
const moved = (change, row) => change === 0 ? ["stays the same"] : linked`${change > 0 ? "grows" : "shrinks"} by ${figure(formatPages(Math.abs(change)), row)}`;

// packages/report/src/headline.ts
/** What the page is about: one VM at one instant. */
function headline({ vm, counters: { consumed, active }, isOff }) {
	if (isOff || !(consumed > 0)) return `Why ${vmLabel(vm)} consumes no memory`;
	return `Why ${vmLabel(vm)} consumes ${formatPages(consumed)} and touched ${formatPages(active)}`;
}

// packages/report/src/escape-html.ts
const ENTITIES = {
	"&": "&amp;",
	"<": "&lt;",
	">": "&gt;",
	"\"": "&quot;",
	"'": "&#39;"
};
/** Text as the content of an element or a quoted attribute, in HTML and XML. */
const escapeHtml = (text) => text.replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? "").replaceAll(/[^\P{Cc}\t\n\r]|[\ufffe\uffff]/gu, "�");

// packages/report/src/html.ts
const text = (part) => {
	if (typeof part === "string" || typeof part === "number") return escapeHtml(String(part));
	return "html" in part ? part.html : part.map(({ html }) => html).join("");
};
const kept = /* @__PURE__ */ new WeakMap();
/** A template's own text without the indentation of its source, which pages with many rows would be full of. */
function unindented(strings) {
	const known = kept.get(strings) ?? strings.map((string) => string.replaceAll(/\n\s*/g, "\n"));
	kept.set(strings, known);
	return known;
}
/** HTML by template: whatever is put in is escaped, unless it is HTML already. */
const html = (strings, ...parts) => ({ html: unindented(strings).map((string, i) => i === 0 ? string : text(parts[i - 1] ?? "") + string).join("") });
const NOTHING = { html: "" };

// packages/report/src/ledger-instant.ts
/** Counters that a page explains, by their names in the run's tables. */
const EXPLAINED_COUNTERS = [
	"configured",
	"granted",
	"consumed",
	"active",
	"activewrite",
	"activeReported",
	"guestUsed",
	"guestOutside",
	"guestAllocated",
	"allocatorUnknown"
];

// packages/report/src/advice.ts
const memory = (pages, ...rows) => figure(formatPages(pages), ...rows);
/** What follows from the ledger of one VM at one instant, the surest first. */
function adviceOn(instant, windowNs) {
	if (instant.isOff || !(instant.counters.consumed > 0)) return [];
	return [
		freedAdvice,
		slackAdvice,
		coldAdvice,
		sizeAdvice
	].flatMap((of) => of(instant, windowNs) ?? []);
}
const pagesOf = ({ ledger }, cls) => ledger.find((row) => row.class === cls)?.pages ?? 0;
function freedAdvice(instant) {
	const freed = pagesOf(instant, "freed");
	if (freed === 0) return void 0;
	const { allocatorUnknown } = instant.counters;
	const before = usedBefore(instant);
	const more = allocatorUnknown > 0 ? linked` More may be free: on ${figure(formatCount(allocatorUnknown), "allocatorUnknown")} pages the trace has no alloc or free event.` : [];
	return {
		advice: linked`Take back ${memory(freed, "freed")} first: free page reporting or a balloon gets it without the guest losing anything.`,
		evidence: linked`The guest's own allocator has these pages on its free lists.`,
		caveat: linked`The guest may allocate it again${before}, and each such page has to be backed and zeroed anew.${more}${sharedCaveat(instant)}`
	};
}
/** Machine memory comes back only with the last page that shares it. */
const sharedCaveat = ({ counters: { granted, consumed } }) => granted > consumed ? linked` The host gets back less where such pages share their machine pages.` : [];
/** What the guest used at its most, by its own count or by what was active; nothing if it is that now. */
function usedBefore({ counters, history: { mostUsed, mostActive } }) {
	if (mostUsed !== void 0 && mostUsed.pages > counters.guestUsed) return `: at ${when(mostUsed.timeNs, counters.time)}, it used ${formatPages(mostUsed.pages)} by its own count`;
	if (mostActive !== void 0 && mostActive.pages > counters.active) return `: at ${when(mostActive.timeNs, counters.time)}, it had ${formatPages(mostActive.pages)} active`;
	return "";
}
/** `2.5 s, 4.5 s earlier` */
const when = (timeNs, laterNs) => `${formatInstant(timeNs)}, ${formatInstant(laterNs - timeNs)} earlier`;
function slackAdvice(instant) {
	const slack = pagesOf(instant, "slack");
	if (slack === 0) return void 0;
	return {
		advice: linked`Backing in 4 KB pages would save ${memory(slack, "slack")}.`,
		evidence: linked`The guest never touched these pages; they came with others of their 2 MB block.`,
		caveat: linked`Small pages cost more TLB misses and longer page walks: see what translation costs before.`
	};
}
function coldAdvice(instant, windowNs) {
	const cold = idleRows(instant.ledger).filter(({ class: cls }) => cls !== "idle1");
	if (cold.length === 0) return void 0;
	const rows = cold.map(({ class: cls }) => cls);
	const pages = cold.reduce((sum, row) => sum + row.pages, 0);
	const { remaining } = instant.counters;
	const isKnown = remaining >= windowNs;
	const again = cold.reduce((sum, row) => sum + row.returns, 0);
	const future = isKnown ? linked`; ${memory(pages - again, ...rows)} of it (${figure(formatShare(pages - again, pages), ...rows)}) is not touched in the remaining ${formatInstant(remaining)} either` : [];
	return {
		advice: linked`Of ${memory(pages, ...rows)} that has rested, a balloon, compression or swapping can take back what is not needed soon.`,
		evidence: linked`It was not touched for ${formatDuration(5 * windowNs)} or more${future}.`,
		caveat: isKnown ? linked`Each page that is touched again has to be read back, and what comes after the trace is not known.${sharedCaveat(instant)}` : linked`The trace ends too soon to say how much of it is touched again; each such page has to be read back.${sharedCaveat(instant)}`
	};
}
/** Active memory is of one window; the most of any window so far, or what was touched in five and is still held, is a better lower bound of what the guest needs. */
function sizeAdvice(instant, windowNs) {
	const { active, activeReported, time } = instant.counters;
	const { mostActive, beganNs } = instant.history;
	const held = active + pagesOf(instant, "idle1");
	const needed = Math.max(held, mostActive?.pages ?? 0);
	if (needed === active) return void 0;
	const reported = activeReported < needed ? linked`, and the ${memory(activeReported, "activeReported")} that the estimator reports is below that too` : [];
	const since = time - beganNs < 5 * windowNs ? "Since the trace began" : `In the last ${formatDuration(5 * windowNs)}`;
	const evidence = mostActive !== void 0 && mostActive.pages > held ? linked`At ${when(mostActive.timeNs, time)}, the guest had ${formatPages(mostActive.pages)} active, the most since the trace began${reported}.` : linked`${since} the guest touched at least ${memory(held, "active", "idle1")}, memory that it has freed since not counted${reported}.`;
	return {
		advice: linked`Do not size the VM by its active memory of ${memory(active, "active")}.`,
		evidence,
		caveat: linked`That is no size either: work that comes back more seldom needs longer windows, which ${command("tidemark rightsize TRACE")} counts.`
	};
}
/** How sure the ledger of one VM at one instant is, in a few sentences. */
function sureness(instant) {
	const { counters, isOff } = instant;
	const { allocatorUnknown, consumed, granted, activeReported, active } = counters;
	if (isOff || !(consumed > 0)) return [];
	const notFreed = granted - pagesOf(instant, "freed");
	const unknown = allocatorUnknown > 0 ? linked` Whether memory was freed is known only where the trace has the guest's alloc and free events: on ${figure(formatCount(allocatorUnknown), "allocatorUnknown")} resident pages (${figure(formatShare(allocatorUnknown, granted), "allocatorUnknown")} of granted) it has none. They count as not freed, and are ${figure(formatShare(allocatorUnknown, notFreed), "allocatorUnknown", "granted", "freed")} of the ${memory(notFreed, "granted", "freed")} that does.` : linked` The trace has the guest's alloc and free events for every resident page.`;
	const reported = Number.isNaN(activeReported) || activeReported === active ? [] : linked` What a hypervisor reports as active, ${memory(activeReported, "activeReported")}, is an estimate from samples and not used in any of these sums.`;
	return linked`Consumed, active and every class are counts of pages, not estimates: exact for this trace, and they add up to the page.${unknown}${reported}`;
}

// packages/report/src/class-words.ts
/** The classes of resident memory from the bottom of a stack to its top: most to least in use. */
const STACK_ORDER = [
	"active",
	"idle1",
	"idle5",
	"idle30",
	"freed",
	"slack"
];
/** A ledger class in a few words, for legends and labels. */
function classWords(cls, windowNs) {
	switch (cls) {
		case "active": return `active: touched in the last ${formatDuration(windowNs)}`;
		case "slack": return "never touched by the guest";
		case "freed": return "freed by the guest, still backed";
		case "idle1": return `last touched ${formatDurations(windowNs, 5 * windowNs)} ago`;
		case "idle5": return `last touched ${formatDurations(5 * windowNs, 30 * windowNs)} ago`;
		case "idle30": return `not touched for ${formatDuration(30 * windowNs)} or more`;
		case "sharing": return "saved by page sharing";
	}
}
/** What it means that memory is in a class, in a sentence. */
function classMeaning(cls) {
	switch (cls) {
		case "active": return "In use: the guest read, wrote or ran it within the window.";
		case "slack": return "Backed only because memory is given out in 2 MB blocks; the guest never touched these pages.";
		case "freed": return "The guest's own allocator has it on its free lists, but the host is not told and keeps the machine memory behind it.";
		case "idle1": return "Not known to be freed, and rested for a short while; taking it back is likely to hurt.";
		case "idle5": return "Not known to be freed, and rested for a while; a candidate for reclaiming, at some risk.";
		case "idle30": return "Not known to be freed, and cold; of idle memory, the first candidate for reclaiming.";
		case "sharing": return "A credit: pages that share one machine page are charged in parts, so consumed is less than granted.";
	}
}

// packages/report/src/exact-memory.ts
/** Pages exactly: `33,063 pages, 135,426,048 bytes (129.2 MiB)`; `unknown` where not known. */
const exactMemory = (pages) => Number.isNaN(pages) ? "unknown" : `${formatPageCount(pages)}, ${formatCount(Math.round(pages * PAGE_BYTES))} bytes (${formatPages(pages)})`;
/** A difference with its sign: `+33,063`, `−12`, `0`. */
const signed = (difference, text) => Number.isNaN(difference) ? "–" : difference > 0 ? `+${text(difference)}` : text(difference);

// packages/report/src/explained-counters.ts
const HOST = [
	{
		counter: "configured",
		short: "configured",
		words: "configured",
		meaning: "The memory size the VM was given; the guest sees this much."
	},
	{
		counter: "granted",
		short: "granted",
		words: "granted",
		meaning: "Guest memory that has machine memory behind it."
	},
	{
		counter: "consumed",
		short: "consumed",
		words: "consumed",
		meaning: "Machine memory charged to the VM: granted, less what page sharing saves."
	}
];
const ACTIVE = [{
	counter: "activeReported",
	short: "active, reported",
	words: "active, as the estimator reports it",
	meaning: "What a hypervisor would say, from a sample of pages."
}, {
	counter: "active",
	short: "active, true",
	words: "active, true",
	meaning: "Resident pages that were touched in the window, counted."
}];
const USED = {
	counter: "guestUsed",
	short: "used, says the guest",
	words: "used, as the guest says",
	meaning: "MemTotal − MemFree of the guest's own /proc/meminfo."
};
const ALLOCATED = {
	counter: "guestAllocated",
	short: "allocated in the guest",
	words: "allocated in the guest since tracing began",
	meaning: "What it allocated less what it freed: the guest's own view as far as the trace shows it."
};
/** What the host gives. */
const HOST_COUNTERS = HOST;
/** What is used of it; of the guest's two views the better one. */
const usedCounters = ({ counters }) => [...ACTIVE, Number.isNaN(counters.guestUsed) ? ALLOCATED : USED];

// packages/report/src/joined.ts
/** `a, b and c` */
const joined = (parts) => parts.length < 2 ? parts.join("") : `${parts.slice(0, -1).join(", ")} and ${parts.at(-1) ?? ""}`;

// packages/report/src/paint.ts
/** A colour of the page by what it means, a ledger class or a host's state; page-theme.ts says which colour that is. */
const paint = (meaning) => `var(--of-${meaning})`;

// packages/report/src/number-line.ts
/** Widths it is drawn in; the page shows the one that fits. In px. */
const WIDTHS = [
	800,
	540,
	340
];
/** Height of the bar, and of a row of labels. */
const BAR = 18;
const ROW = 21;
/** Estimated width of a character of a label. */
const CHARACTER = 7.5;
/** Everything about a VM's memory on one line from 0 to its size: above it what the host gives, below what is used, the resident classes on it. */
function numberLine(instant) {
	const marks = {
		above: marksOf(HOST_COUNTERS, instant),
		below: marksOf(usedCounters(instant), instant)
	};
	const most = Math.max(1, ...[...marks.above, ...marks.below].map(({ pages }) => pages));
	const told = joined([...marks.above, ...marks.below].map(({ name, pages }) => `${name} ${formatPages(pages)}`));
	return html`<div class="line" role="img" aria-label="${vmLabel(instant.vm)} on a line from 0 to ${formatPages(most)}: ${told}.">
    ${WIDTHS.map((width) => drawnLine(instant, marks.above, marks.below, most, width))}
  </div>`;
}
/** Letters of a label that stands for two counters, at most. */
const NAME_MAX = 24;
/** The known ones; two equal ones as one, if their names are short. */
function marksOf(counters, instant) {
	const marks = [];
	for (const { counter, short } of counters) {
		const pages = instant.counters[counter];
		const same = marks.findIndex((mark) => mark.pages === pages && `${mark.name} and ${short}`.length <= NAME_MAX);
		if (same >= 0) marks[same] = {
			name: `${marks[same]?.name ?? ""} and ${short}`,
			pages
		};
		else if (!Number.isNaN(pages)) marks.push({
			name: short,
			pages
		});
	}
	return marks;
}
function drawnLine(instant, above, below, most, width) {
	const x = (pages) => round(1 + pages / most * (width - 2));
	const [up, down] = [placed(above, x, width), placed(below, x, width)];
	const top = 1 + ROW * (1 + Math.max(-1, ...up.map(({ level }) => level)));
	const height = top + BAR + 1 + ROW * (1 + Math.max(-1, ...down.map(({ level }) => level)));
	const label = ({ mark, at, level, side, from }, isAbove) => {
		const y = isAbove ? top - ROW * level - 7 : top + BAR + ROW * level + 16;
		const isOver = side === "over";
		const [start, end] = isAbove ? [y + (isOver ? 3 : -10), top + BAR] : [top, y + (isOver ? -11 : 3)];
		const x = side === "right" ? at + 5 : side === "left" ? at - 5 : from + 4;
		return html`<path class="tick" d="M${at},${start}V${end}" /><text
        x="${round(x)}"
        y="${y}"
        text-anchor="${side === "left" ? "end" : "start"}"
        data-tip="${mark.name}: ${exactMemory(mark.pages)}"
      >
        ${mark.name} <tspan class="size">${formatPages(mark.pages)}</tspan>
      </text>`;
	};
	return html`<svg class="w${width}" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" aria-hidden="true">
    <rect class="rail" x="0.5" y="${top + .5}" width="${width - 1}" height="${17}" />
    ${segments(instant, x, top)}${up.map((place) => label(place, true))}${down.map((place) => label(place, false))}
  </svg>`;
}
/** The resident classes, the most used first; together they are granted. */
function segments({ ledger }, x, top) {
	let from = 0;
	const drawn = STACK_ORDER.map((cls) => {
		const row = ledger.find((each) => each.class === cls);
		if (row === void 0 || row.pages <= 0) return NOTHING;
		const start = from;
		from += row.pages;
		return html`<rect
      x="${x(start)}"
      y="${top}"
      width="${round(x(from) - x(start))}"
      height="${BAR}"
      style="fill:${paint(cls)}"
      data-tip="${row.words}: ${exactMemory(row.pages)}"
    />`;
	});
	return html`${drawn}`;
}
/** What the colours of number lines mean: those of classes that any of the instants has. */
function lineLegend(instants) {
	const rows = STACK_ORDER.flatMap((cls) => instants.flatMap(({ ledger }) => ledger.filter((row) => row.class === cls && row.pages > 0)).slice(0, 1));
	return html`<ul class="legend">
    ${rows.map(({ class: cls, words }) => html`<li><span class="swatch" style="background:${paint(cls)}"></span>${words}</li> `)}
  </ul>`;
}
/** Where labels go so that none lies on another or on another's tick, as near to the line as can be: every way is tried, of three labels. */
function placed(marks, x, width) {
	let ways = [[]];
	for (const mark of marks) ways = ways.flatMap((way) => waysOf(mark, x(mark.pages), width, marks.length).map((place) => [...way, place]));
	const costs = ways.map((way) => costOf(way, width));
	return ways[costs.indexOf(Math.min(...costs))] ?? [];
}
function waysOf(mark, at, width, levels) {
	const size = CHARACTER * (mark.name.length + 1 + formatPages(mark.pages).length) + 8;
	const over = Math.max(0, Math.min(at - size / 2, width - size));
	return Array.from({ length: levels }, (_, level) => [
		{
			mark,
			at,
			level,
			side: "right",
			from: at,
			to: at + size
		},
		{
			mark,
			at,
			level,
			side: "left",
			from: at - size,
			to: at
		},
		{
			mark,
			at,
			level,
			side: "over",
			from: over,
			to: over + size
		}
	]).flat();
}
/** Levels count 1, labels over their mark 1.5, those that do not fit 100. */
function costOf(way, width) {
	let cost = 0;
	for (const a of way) {
		cost += a.level + (a.side === "over" ? 1.5 : 0);
		if (a.from < -1 || a.to > width + 1) cost += 100;
		for (const b of way) {
			if (a === b) continue;
			if (a.level === b.level && a.from < b.to && b.from < a.to) cost += 100;
			if (a.level > b.level && a.at > b.from && a.at < b.to) cost += 100;
		}
	}
	return cost;
}
const round = (n) => Math.round(n * 10) / 10;

// packages/report/src/unbroken.ts
/** Numbers stay on one line with their unit and with what stands before them. */
const unbroken = (text) => text.replaceAll(/(?<=\d) (?=(?:%|[KMGT]?i?B|ns|µs|ms|s|min|h|pages|cycles)(?!\w))/g, "\xA0").replaceAll(/(?<=[<>]) (?=[−\d])/g, "\xA0");

// packages/report/src/page-figures.ts
/** Where the rows of one VM and instant are on the page: the beginning of their ids. */
const rowId = (place, row) => `row-${place}-${row}`;
/** A sentence whose numbers lead to their rows. */
const linkedHtml = (text, place) => html`${text.map((part) => typeof part === "string" ? html`${unbroken(part)}` : "isCommand" in part ? html`<code>${part.text}</code>` : html`<a href="#${rowId(place, part.rows[0] ?? "")}" data-rows="${part.rows.map((row) => rowId(place, row)).join(" ")}"
            >${unbroken(part.text)}</a
          >`)}`;

// packages/report/src/page-block.ts
/** The answer: what is said of an instant or interval, and its number line. In short where there are several VMs. */
function answerBlock({ instant, windowNs, place, since }, isShort) {
	const text = isShort ? spaced([since === void 0 ? [] : changeText(since.instant, instant), gapText(instant, windowNs)]) : since === void 0 ? explanationText(instant, windowNs) : intervalText(since.instant, instant, windowNs);
	return html`<p class="answer">${linkedHtml(text, place)}</p>
    ${instant.isOff ? NOTHING : numberLine(instant)}${instant.isOff || isShort ? NOTHING : lineLegend([instant])}`;
}
/** What could be taken back, with evidence and caveat, and how sure all this is. */
function adviceBlock({ instant, windowNs, place }) {
	const advice = adviceOn(instant, windowNs);
	const sure = sureness(instant);
	const listed = advice.map((each) => html`<li>
        <p><strong>${linkedHtml(each.advice, place)}</strong></p>
        <p><span class="why">Evidence.</span> ${linkedHtml(each.evidence, place)}</p>
        <p><span class="why">But.</span> ${linkedHtml(each.caveat, place)}</p>
      </li> `);
	return html`${advice.length === 0 ? html`<p>Nothing: all that is consumed was in use within the window.</p>` : html`<ol class="advice">
          ${listed}
        </ol>`}
  ${sure.length === 0 ? NOTHING : html`<p><span class="why">How sure is this?</span> ${linkedHtml(sure, place)} <a href="#limits">What this trace cannot say</a>.</p>`}`;
}
/** A part under the name of its VM and instant, where there are several. */
const headed = ({ instant: { vm, counters } }, content) => html`<h3>${vmLabel(vm)} at ${formatInstant(counters.time)}</h3>
    ${content}`;

// packages/report/src/page-ledger.ts
/** The counters and the ledger as tables. */
const ledgerBlock = (shown) => html`${ledgerTable(shown)}${counterTable(shown)}`;
const scrolling = (label, table) => html`<div class="scroll" tabindex="0" role="region" aria-label="${label}">${table}</div>`;
const head = (words) => html`<th scope="col">${words}</th> `;
function counterTable({ instant, since, place }) {
	const { vm, counters } = instant;
	const memory = (pages) => html`<td data-tip="${exactMemory(pages)}">${Number.isNaN(pages) ? "unknown" : formatPages(pages)}</td> `;
	const count = (pages) => html`<td>${Number.isNaN(pages) ? "–" : formatCount(pages)}</td> `;
	const cells = (counter) => {
		const pages = counters[counter];
		if (since === void 0) return html`${count(pages)}${memory(pages)}`;
		const { lowest = NaN, highest = NaN } = since.bounds.get(counter) ?? {};
		const change = signed(pages - since.instant.counters[counter], formatCount);
		return html`${count(pages)}${memory(pages)}
      <td>${change}</td>
      ${count(lowest)}${count(highest)}`;
	};
	const row = ({ counter, words, meaning }) => html`<tr id="${rowId(place, counter)}" data-counter="${counter}" data-pages="${counters[counter]}">
      <th scope="row">${words}<span class="meaning">${meaning}</span></th>
      ${cells(counter)}
    </tr> `;
	const outside = counters.guestOutside > 0 ? ` The guest's figures leave out ${formatPages(counters.guestOutside)} that lie outside its MemTotal.` : "";
	return scrolling(`Counters of ${vmLabel(vm)} at ${formatInstant(counters.time)}`, html`<table>
      <caption>
        ${vmLabel(vm)} at ${formatInstant(counters.time)}: the counters on the number line.${outside}
      </caption>
      <thead>
        <tr>
          ${head("Counter")}${head("Pages of 4\xA0KB")}${head("Size")}${since === void 0 ? NOTHING : html`${head(`Change since ${formatInstant(since.instant.counters.time)}`)}${head("Lowest since")}${head("Highest since")}`}
        </tr>
      </thead>
      <tbody>
        ${HOST_COUNTERS.filter(({ counter }) => counter !== "consumed").map(row)}${usedCounters(instant).filter(({ counter }) => counter !== "active").map(row)}
        <tr id="${rowId(place, "allocatorUnknown")}">
          <th scope="row">
            allocator state unknown<span class="meaning">Resident pages without an alloc or free event in the trace.</span>
          </th>
          ${cells("allocatorUnknown")}
        </tr>
      </tbody>
    </table>`);
}
function ledgerTable({ instant, windowNs, place, since }) {
	const { vm, counters, gapPages, ledger } = instant;
	const { time, consumed, active, granted, remaining } = counters;
	const known = (pages) => Number.isNaN(pages) ? "–" : formatPages(pages);
	const moved = (difference) => since === void 0 ? NOTHING : html`<td data-change="${difference(since.instant)}">${signed(difference(since.instant), formatCount)}</td> `;
	const cells = (pages) => html`<td>${formatCount(pages)}</td>
      <td data-tip="${formatCount(Math.round(pages * PAGE_BYTES))} bytes">${formatPages(pages)}</td>
      <td>${formatShare(pages, consumed)}</td> `;
	const row = ({ class: cls, words, meaning, pages, returns, notSeenAgain }) => html`<tr id="${rowId(place, cls)}" data-class="${cls}" data-pages="${pages}">
      <th scope="row" class="class">
        <span class="swatch" style="background:${paint(cls)}"></span>${words}<span class="meaning">${meaning}</span>
      </th>
      ${cells(pages)}${moved((from) => pages - (from.ledger.find((each) => each.class === cls)?.pages ?? 0))}${isKnown ? html`<td>${known(returns)}</td>
              <td>${known(notSeenAgain)}</td> ` : NOTHING}
    </tr> `;
	const total = (key, words, pages, before) => html`<tr id="${rowId(place, key)}" data-total="${key}" data-pages="${pages}">
      <th scope="row">${words}</th>
      ${cells(pages)}${moved((from) => pages - before(from))}${isKnown ? html`<td></td>
              <td></td> ` : NOTHING}
    </tr> `;
	const isKnown = remaining >= windowNs;
	const future = isKnown ? `The last two columns look ahead: touched again, or not, in the remaining ${formatInstant(remaining)} of the trace.` : `Whether idle memory is touched again is not known: the trace ends ${remaining === 0 ? "here" : `${formatInstant(remaining)} later`}, less than a window.`;
	return scrolling(`Ledger of ${vmLabel(vm)} at ${formatInstant(time)}`, html`<table>
      <caption>
        ${vmLabel(vm)} at ${formatInstant(time)}: where the memory between consumed and active is, with a window of
        ${formatDuration(windowNs)}.
        ${future}${consumed < granted ? " Pages that share a machine page stand whole in their classes, so that shares of consumed may pass 100 %; what sharing saves is taken off in its own row." : ""}
      </caption>
      <thead>
        <tr>
          ${head("Class")}${head("Pages of 4\xA0KB")}${head("Size")}${head("Of consumed")}${since === void 0 ? NOTHING : head(`Change since ${formatInstant(since.instant.counters.time)}, pages`)}${isKnown ? html`${head("Touched again")}${head("Not seen again")}` : NOTHING}
        </tr>
      </thead>
      <tbody>
        ${ledger.filter(({ class: cls }) => cls !== "active").map(row)}
      </tbody>
      <tfoot>
        ${total("gap", "gap: the sum of these", gapPages, (from) => from.gapPages)}${total("active", "active, true", active, (from) => from.counters.active)}${total("consumed", "consumed: gap and active", consumed, (from) => from.counters.consumed)}
      </tfoot>
    </table>`);
}

// packages/report/src/page-vms.ts
/** Rows of the table of all VMs, at most. */
const ROWS_MAX = 64;
/** One line per VM and instant. */
function vmTable(instants) {
	const size = (pages) => html`<td>${Number.isNaN(pages) ? "unknown" : formatPages(pages)}</td> `;
	const rest = instants.length - ROWS_MAX;
	const isShared = instants.some(({ counters: { consumed, granted } }) => consumed < granted);
	return html`<div class="scroll" tabindex="0" role="region" aria-label="All VMs and instants">
    <table>
      <caption>
        All VMs and explained
        instants${isShared ? "; what page sharing saves is off consumed and gap, and not off what is freed" : ""}${rest > 0 ? `; ${rest} more are in the run's tables` : ""}
      </caption>
      <thead>
        <tr>
          <th scope="col">VM and instant</th>
          <th scope="col">Configured</th>
          <th scope="col">Consumed</th>
          <th scope="col">Active</th>
          <th scope="col">Gap</th>
          <th scope="col">Freed, still backed</th>
        </tr>
      </thead>
      <tbody>
        ${instants.slice(0, ROWS_MAX).map(({ vm, counters, gapPages, ledger }) => html`<tr>
              <th scope="row">${vmLabel(vm)} at ${formatInstant(counters.time)}</th>
              ${size(counters.configured)}${size(counters.consumed)}${size(counters.active)}${size(gapPages)}${size(ledger.find((row) => row.class === "freed")?.pages ?? NaN)}
            </tr> `)}
      </tbody>
    </table>
  </div>`;
}

// packages/report/src/history.ts
function historyAt(samples, untilNs, windowNs, endNs) {
	const { timesNs, counters } = samples;
	return {
		beganNs: timesNs[0] ?? NaN,
		mostActive: mostOf(timesNs, counters.active, untilNs),
		mostUsed: mostOf(timesNs, counters.guestUsed, untilNs),
		lastFuture: lastFuture(samples, windowNs, endNs)
	};
}
/** The first of the most. */
function mostOf(timesNs, pages, untilNs) {
	let most;
	timesNs.forEach((timeNs, i) => {
		const n = pages[i] ?? NaN;
		if (timeNs <= untilNs && n > (most?.pages ?? -1)) most = {
			timeNs,
			pages: n
		};
	});
	return most;
}
function lastFuture({ timesNs, classes }, windowNs, endNs) {
	const i = timesNs.findLastIndex((time) => endNs - time >= windowNs);
	if (i < 0) return void 0;
	const idle = [
		classes.idle1,
		classes.idle5,
		classes.idle30
	];
	const sum = (of) => idle.reduce((total, cls) => total + (cls?.[of]?.[i] ?? 0), 0);
	return {
		timeNs: timesNs[i] ?? NaN,
		pages: sum("pages"),
		returns: sum("returns")
	};
}

// packages/report/src/ledger-rows.ts
/** Every class in ledger order, active first; the rest sum to the gap. `remainingNs` is the rest of the trace. */
const ledgerRowsOf = (shares, consumedPages, remainingNs, windowNs) => LEDGER_CLASSES.map((cls) => {
	const own = shares.filter((share) => share.class === cls);
	const sum = (of) => own.reduce((total, share) => total + share[of], 0);
	const pages = sum("pages");
	const splits = cls.startsWith("idle") && remainingNs >= windowNs;
	return {
		class: cls,
		words: classWords(cls, windowNs),
		meaning: classMeaning(cls),
		pages,
		size: formatPages(pages),
		percentOfConsumed: consumedPages > 0 ? pages / consumedPages * 100 : NaN,
		returns: splits ? sum("returns") : NaN,
		notSeenAgain: splits ? sum("notSeenAgain") : NaN
	};
});

// packages/report/src/sampled-instant.ts
/** Sample `i` of a VM, as an instant that was asked for would be. `endNs` is the end of the trace. */
function sampledInstant(samples, i, windowNs, endNs) {
	const { vm, timesNs, offNs, counters, classes } = samples;
	const at = (pages) => pages?.[i] ?? NaN;
	const time = timesNs[i] ?? NaN;
	const remaining = endNs - time;
	const shares = LEDGER_CLASSES.map((cls) => {
		const held = classes[cls];
		if (held === void 0) return {
			class: cls,
			pages: 0,
			returns: 0,
			notSeenAgain: 0
		};
		return {
			class: cls,
			pages: held.pages[i] ?? 0,
			returns: at(held.returns),
			notSeenAgain: at(held.notSeenAgain)
		};
	});
	const [consumed, active] = [at(counters.consumed), at(counters.active)];
	return {
		vm,
		counters: {
			time,
			remaining,
			configured: at(counters.configured),
			granted: at(counters.granted),
			consumed,
			active,
			activewrite: at(counters.activewrite),
			activeReported: at(counters.activeReported),
			guestUsed: at(counters.guestUsed),
			guestOutside: at(counters.guestOutside),
			guestAllocated: at(counters.guestAllocated),
			allocatorUnknown: at(counters.allocatorUnknown)
		},
		isOff: offNs !== null && offNs <= time,
		gapPages: consumed - active,
		ledger: ledgerRowsOf(shares, consumed, remaining, windowNs),
		history: historyAt(samples, time, windowNs, endNs)
	};
}
/** Places of the first and the last sample in an interval of time; where none lies in it, of the last one before it. */
function samplesWithin(timesNs, fromNs, toNs) {
	const last = Math.max(0, timesNs.findLastIndex((time) => time <= toNs));
	const first = timesNs.findIndex((time) => time >= fromNs);
	return [first < 0 ? last : Math.min(first, last), last];
}

// packages/report/src/browser/blocks.ts
function vmInterval(samples, { fromNs, toNs }, { windowNs, endNs }) {
	const [first, last] = samplesWithin(samples.timesNs, fromNs, toNs);
	const from = sampledInstant(samples, first, windowNs, endNs);
	const to = sampledInstant(samples, last, windowNs, endNs);
	if (first === last) return {
		from,
		to,
		since: void 0
	};
	return {
		from,
		to,
		since: {
			instant: from,
			bounds: new Map(EXPLAINED_COUNTERS.map((counter) => {
				const known = samples.counters[counter].slice(first, last + 1).filter((pages) => pages !== null);
				return [counter, {
					lowest: known.length === 0 ? NaN : Math.min(...known),
					highest: known.length === 0 ? NaN : Math.max(...known)
				}];
			}))
		}
	};
}
function explainingBlocks() {
	const kept = [...document.querySelectorAll("[data-block]")].map((block) => ({
		block,
		content: block.innerHTML
	}));
	const isShort = new Set(kept.flatMap(({ block }) => block.dataset["of"] ?? [])).size > 1;
	/** The tab says what the heading says. */
	const entitle = () => {
		const heading = kept.find(({ block }) => block.dataset["block"] === "headline")?.block.textContent;
		if (heading !== void 0) document.title = heading.replaceAll("\xA0", " ");
	};
	return {
		explain(intervals, windowNs) {
			for (const { block } of kept) {
				const { block: part = "", of: vm = "", place = "" } = block.dataset;
				const interval = intervals[Number(vm)];
				if (part === "vms") block.innerHTML = vmTable(intervals.map(({ to }) => to)).html;
				else if (interval !== void 0) {
					block.hidden = place !== `${vm}-0`;
					const shown = {
						instant: interval.to,
						since: interval.since,
						windowNs,
						place
					};
					if (!block.hidden) block.innerHTML = written(part, shown, isShort).html;
				}
			}
			entitle();
		},
		reset() {
			for (const { block, content } of kept) {
				block.innerHTML = content;
				block.hidden = false;
			}
			entitle();
		}
	};
}
function written(part, shown, isShort) {
	if (part === "headline") return html`${unbroken(headline(shown.instant))}`;
	if (part === "answer") return answerBlock(shown, isShort);
	const content = (part === "advice" ? adviceBlock : ledgerBlock)(shown);
	return isShort ? headed(shown, content) : content;
}

// packages/report/src/browser/brush.ts
/** The overview's own coordinates; it is stretched to its box. */
const WIDTH = 1e3;
const HEIGHT = 100;
const SVG = "http://www.w3.org/2000/svg";
/** `select` is told of every selection, undefined for none. None where the page has no timeline. */
function brush(all, time, select) {
	const box = document.querySelector(".brush");
	const overview = box?.querySelector(".overview");
	const status = box?.querySelector(".brush-said");
	const [from, to] = box?.querySelectorAll("[data-end]") ?? [];
	if (box === null || overview == null || status == null || from === void 0 || to === void 0) return void 0;
	const timesNs = [...new Set(all.flatMap((samples) => samples.timesNs))].sort((a, b) => a - b);
	const last = timesNs.length - 1;
	const nearest = (ns) => timesNs.reduce((best, each) => Math.abs(each - ns) < Math.abs(best - ns) ? each : best);
	const snapped = ({ fromNs, toNs }) => ({
		fromNs: nearest(fromNs),
		toNs: nearest(toNs)
	});
	const placeOf = (ns) => timesNs.indexOf(nearest(ns));
	const spanNs = time.endNs - time.originNs || 1;
	const left = (ns) => (ns - time.originNs) / spanNs * WIDTH;
	box.hidden = false;
	for (const slider of [from, to]) {
		slider.max = String(last);
		slider.addEventListener("input", () => {
			const [a, b] = [Number(from.value), Number(to.value)];
			if (a > b) (slider === from ? to : from).value = slider.value;
			select({
				fromNs: timesNs[Number(from.value)] ?? NaN,
				toNs: timesNs[Number(to.value)] ?? NaN
			});
		});
	}
	dragging(overview, (a, b) => {
		const { left: start, width } = overview.getBoundingClientRect();
		const ns = (x) => time.originNs + (x - start) / width * spanNs;
		select(snapped({
			fromNs: ns(a),
			toNs: ns(b)
		}));
	});
	let drawn = all;
	for (const button of box.querySelectorAll("[data-jump]")) {
		const jump = button.dataset["jump"] ?? "";
		if (jump === "state") button.hidden = time.stateChangeNs === null;
		button.addEventListener("click", () => {
			const ns = jumpOf(jump, drawn, timesNs, time);
			select(ns === void 0 ? void 0 : {
				fromNs: ns,
				toNs: ns
			});
		});
	}
	const unseen = document.createElement("span");
	unseen.className = "unseen";
	const band = document.createElementNS(SVG, "path");
	band.setAttribute("class", "selected");
	return {
		snapped,
		show(selected, shown, said) {
			const { fromNs, toNs } = selected ?? {
				fromNs: timesNs[0] ?? NaN,
				toNs: timesNs[last] ?? NaN
			};
			from.value = String(placeOf(fromNs));
			to.value = String(placeOf(toNs));
			for (const [slider, ns] of [[from, fromNs], [to, toNs]]) {
				const text = selected && formatOnAxis(ns, time.unit);
				slider.setAttribute("aria-valuetext", text ?? "no interval selected");
				const value = slider.parentElement?.querySelector("output");
				if (value) value.textContent = text ?? "–";
			}
			const [a, b] = [left(fromNs), Math.max(left(toNs), left(fromNs) + 2)];
			band.setAttribute("d", `M0,0H${a}V${HEIGHT}H0ZM${b},0H${WIDTH}V${HEIGHT}H${b}Z`);
			band.classList.toggle("none", selected === void 0);
			const reset = box.querySelector("[data-jump=\"\"]");
			if (reset !== null) reset.disabled = selected === void 0;
			status.replaceChildren(shown, unseen);
			unseen.textContent = said;
		},
		draw(samples) {
			drawn = samples;
			overview.setAttribute("viewBox", `0 0 ${WIDTH} ${HEIGHT}`);
			overview.replaceChildren(...stack(samples, timesNs, left), band);
		}
	};
}
/** Calls back with both ends, px of the viewport, while a pointer is dragged over an element; a click has equal ends. */
function dragging(element, moved) {
	let start;
	const to = (x) => moved(Math.min(start ?? x, x), Math.max(start ?? x, x));
	element.addEventListener("pointerdown", (event) => {
		if (!(event instanceof PointerEvent) || event.button !== 0) return;
		start = event.clientX;
		element.setPointerCapture(event.pointerId);
		to(event.clientX);
		event.preventDefault();
	});
	element.addEventListener("pointermove", (event) => {
		if (event instanceof PointerEvent && start !== void 0) to(event.clientX);
	});
	for (const end of ["pointerup", "pointercancel"]) element.addEventListener(end, () => start = void 0);
}
/** Where a jump leads: the first sample of the most, of all VMs drawn together; undefined for none. */
function jumpOf(jump, drawn, timesNs, time) {
	if (jump === "state") return timesNs.find((ns) => ns >= (time.stateChangeNs ?? Infinity));
	if (jump === "") return void 0;
	const sum = (ns) => drawn.reduce((total, { timesNs: own, counters: { consumed, active } }) => {
		const [, i] = samplesWithin(own, ns, ns);
		return total + (consumed[i] ?? 0) - (jump === "gap" ? active[i] ?? 0 : 0);
	}, 0);
	return timesNs.reduce((most, ns) => sum(ns) > sum(most) ? ns : most);
}
/** The resident classes over time, stacked, as in the chart of the gap. */
function stack(samples, timesNs, left) {
	const sums = timesNs.map(() => 0);
	const most = Math.max(1, ...timesNs.map((ns) => total(samples, ns, ({ counters }) => counters.granted)));
	return STACK_ORDER.map((cls) => {
		const below = sums.map((pages, i) => [left(timesNs[i] ?? NaN), HEIGHT * (1 - pages / most)]);
		timesNs.forEach((ns, i) => sums[i] = (sums[i] ?? 0) + total(samples, ns, ({ classes }) => classes[cls]?.pages ?? []));
		const above = sums.map((pages, i) => [left(timesNs[i] ?? NaN), HEIGHT * (1 - pages / most)]);
		const path = document.createElementNS(SVG, "path");
		path.style.fill = paint(cls);
		path.setAttribute("d", `M${[...above, ...below.toReversed()].map(([x = 0, y = 0]) => `${x.toFixed(1)},${y.toFixed(1)}`).join("L")}Z`);
		return path;
	});
}
const total = (samples, ns, of) => samples.reduce((sum, each) => sum + (of(each)[samplesWithin(each.timesNs, ns, ns)[1]] ?? 0), 0);

// packages/report/src/chart-numbers.ts
/** The numbers as the chart's CSV file. */
function numbersCsv({ columns }) {
	const listed = Object.entries(columns);
	const spec = tableSpec({
		name: "",
		about: "",
		columns: Object.fromEntries(listed.map(([name, { unit, type }]) => [name, {
			unit,
			type,
			about: ""
		}]))
	});
	const cells = listed.map(([name, { type, cells: own }]) => [name, type === "text" ? own.map((cell) => String(cell ?? "")) : Float64Array.from(own, (cell) => Number(cell ?? NaN))]);
	return toCsv({
		spec,
		length: listed[0]?.[1].cells.length ?? 0,
		columns: Object.fromEntries(cells)
	});
}
/** Of these rows those at the value of each axis that is nearest to a place; none where the axis has stretches and the place is in none of them. */
function rowsAt(numbers, among, places) {
	let rows = among;
	for (const { column, end, at, measured } of places) {
		const [from, to] = [cellsOf(numbers, column), cellsOf(numbers, end ?? column)];
		const distance = (row) => {
			const [a, b] = [measured(Number(from[row])), measured(Number(to[row]))];
			return Math.max(0, Math.min(a, b) - at, at - Math.max(a, b));
		};
		let nearest = NaN;
		let least = end === void 0 ? Infinity : Number.MIN_VALUE;
		for (const row of rows) {
			const far = distance(row);
			if (far >= least) continue;
			least = far;
			nearest = Number(from[row]);
		}
		rows = rows.filter((row) => from[row] === nearest);
	}
	return rows.map((row) => Object.fromEntries(Object.entries(numbers.columns).map(([name, { cells }]) => [name, cells[row] ?? null])));
}
/** Values of a column that these rows have, ascending; each with where it ends, where it is a stretch. */
function stretchesOf(numbers, among, { column, end }) {
	const [from, to] = [cellsOf(numbers, column), cellsOf(numbers, end ?? column)];
	return [...new Map(among.map((row) => [Number(from[row]), Number(to[row])]))].sort(([a], [b]) => a - b);
}
const cellsOf = ({ columns }, name) => columns[name]?.cells ?? [];
/** The rows of a panel: those that have its texts, where the numbers have such columns. */
function panelRows({ columns }, of) {
	const asked = Object.entries(of).flatMap(([name, text]) => {
		const column = columns[name];
		return column?.type === "text" ? [{
			cells: column.cells,
			text
		}] : [];
	});
	const [first] = Object.values(columns);
	return Array.from(first?.cells ?? [], (_, row) => row).filter((row) => asked.every(({ cells, text }) => cells[row] === text));
}

// packages/report/src/packed-rows.ts
/** New rows each time: whoever draws them may write on them. */
function unpackedRows(packed) {
	if ("rows" in packed) return structuredClone([...packed.rows]);
	const columns = Object.entries(packed.columns);
	return Array.from({ length: columns[0]?.[1].length ?? 0 }, (_, i) => Object.fromEntries(columns.map(([key, cells]) => [key, cells[i]])));
}

// packages/report/src/plot-width.ts
/** A plot this wide has room for legends of two columns; px. */
const WIDE_PLOT = 460;
/**
* Whether a view that was given so much room has to be laid out again: what stands beside its plot has made that narrow,
* and with it the legend taller than it was when Vega made room for it.
*/
const isNarrowed = (view, room) => room >= 460 && view.width() < 460;

// packages/report/src/browser/surroundings.ts
const root = document.documentElement;
const darkWanted = matchMedia("(prefers-color-scheme: dark)");
const print = matchMedia("print");
const isDark = () => !print.matches && (root.dataset["theme"] ?? (darkWanted.matches ? "dark" : "light")) === "dark";
const mainElement = () => document.querySelector("main") ?? document.body;
/** What charts have to be drawn in, px. */
const plotWidth = () => mainElement().clientWidth - 32;
/** Calls back when theme, medium or width have changed. */
function onSurroundings(changed) {
	for (const media of [print, darkWanted]) media.addEventListener("change", changed);
	let width = plotWidth();
	new ResizeObserver(() => {
		if (plotWidth() === width) return;
		width = plotWidth();
		changed();
	}).observe(mainElement());
	const button = document.querySelector(".theme");
	if (button === null) return;
	button.hidden = false;
	button.addEventListener("click", () => {
		root.dataset["theme"] = isDark() ? "light" : "dark";
		changed();
	});
}

// packages/report/src/browser/zoom.ts
/** What a zoomed plot leaves out beside it; a whole one has labels there. */
const INSIDE = "span[0] === whole[0] && span[1] === whole[1] ? 1000 : 0";
const CLIP = "'M' + -beside + ',-100H' + (width + beside) + 'V' + (height + 100) + 'H' + -beside + 'Z'";
/** First and last instant of the run, on the axes of time. */
const wholeSpan = ({ originNs, endNs, unit }) => [originNs, endNs].map((ns) => Math.round(ns / unit.ns * 1e6) / 1e6);
/** Whether the x axis of a spec is the time of the run. */
function hasTimeAxis({ scales = [] }, time) {
	const domain = scales.find(({ name }) => name === "x")?.domain;
	return Array.isArray(domain) && String(domain) === String(wholeSpan(time));
}
/** A spec over time whose axis follows a signal, `span`. */
function zoomable(spec, time) {
	const whole = [...wholeSpan(time)];
	const { scales = [], marks = [], signals = [] } = spec;
	const isAlongX = (mark) => JSON.stringify(mark).includes("\"scale\":\"x\"");
	return {
		...spec,
		signals: [
			...signals,
			{
				name: "whole",
				value: whole
			},
			{
				name: "span",
				value: whole
			},
			{
				name: "beside",
				update: INSIDE
			}
		],
		scales: scales.map((scale) => scale.name === "x" ? {
			...scale,
			domain: { signal: "span" }
		} : scale),
		marks: marks.map((mark) => mark.clip === void 0 && isAlongX(mark) ? {
			...mark,
			clip: { path: { signal: CLIP } }
		} : mark)
	};
}
/** Shows an interval on the whole width of a chart over time; undefined: the run. */
function zoom({ view, isOverTime }, interval, time) {
	if (!isOverTime) return;
	const span = interval === void 0 ? wholeSpan(time) : [interval.fromNs, interval.toNs].map((ns) => ns / time.unit.ns);
	view.signal("span", span).run();
}
/** `show` is told of what charts over time are to show. */
function zoomButton(show) {
	const button = document.querySelector("[data-zoom]");
	let selected;
	let shown;
	const isShown = () => selected === void 0 || selected.fromNs === shown?.fromNs && selected.toNs === shown.toNs;
	const label = () => {
		if (button === null) return;
		button.textContent = shown !== void 0 && isShown() ? "Zoom out" : "Zoom in";
		button.disabled = selected === void 0 || !isShown() && selected.fromNs === selected.toNs;
	};
	const change = (interval) => {
		shown = interval;
		show(interval);
	};
	button?.addEventListener("click", () => {
		change(isShown() ? void 0 : selected);
		label();
	});
	return { follow(interval) {
		selected = interval;
		if (shown !== void 0 && !(shown !== void 0 && interval !== void 0 && interval.fromNs >= shown.fromNs && interval.toNs <= shown.toNs)) change(void 0);
		label();
	} };
}

// packages/report/src/browser/charts.ts
async function drawPanel(box, chart, panel, time) {
	const isOverTime = hasTimeAxis(panel.vega, time);
	const view = await drawIn(box, panel, isOverTime ? zoomable(panel.vega, time) : panel.vega, panel.rows);
	const under = panel.under ?? (isOverTime ? { x: {
		column: "time",
		unit: time.unit.ns
	} } : void 0);
	return {
		box,
		chart,
		panel,
		view,
		isOverTime,
		under,
		rows: chart.numbers === null || under === void 0 ? [] : panelRows(chart.numbers, panel.of)
	};
}
/** Draws a spec in a chart's box, in place of what it shows. */
async function drawIn(box, { label }, spec, rows) {
	const data = spec.data.map((set) => set.name in rows ? {
		...set,
		values: unpackedRows(rows[set.name] ?? { rows: [] })
	} : set);
	const inner = document.createElement("div");
	inner.setAttribute("aria-hidden", "true");
	box.querySelector(":scope > [aria-hidden]")?.remove();
	box.prepend(inner);
	const whole = {
		...spec,
		data,
		padding: {
			left: 0,
			top: 4,
			right: 4,
			bottom: 4
		}
	};
	const view = new vega.View(vega.parse(whole), {
		renderer: "svg",
		container: inner,
		hover: false
	});
	view.tooltip(() => void 0);
	const room = plotWidth();
	await view.signal("dark", isDark()).width(room).runAsync();
	if (isNarrowed(view, room)) await view.resize().runAsync();
	box.setAttribute("data-drawn", label);
	return view;
}
/** After a change of theme or width. */
function redraw(drawn) {
	const room = plotWidth();
	for (const { view } of drawn) {
		view.signal("dark", isDark()).width(room).run();
		if (isNarrowed(view, room)) view.resize().run();
	}
}
/** Where the plot is in a chart's box, px. */
function plotOf({ view }) {
	const [x = 0, y = 0] = view.origin();
	const padding = view.padding();
	const { left = 0, top = 0 } = typeof padding === "object" && !("signal" in padding) ? padding : {};
	return {
		left: x + left,
		top: y + top,
		width: view.width(),
		height: view.height()
	};
}
/** How values of the column that lies along an axis are measured there, px of the plot. */
function measuredOn({ view, under }, axis) {
	const scale = view.scale(axis);
	const unit = under?.[axis]?.unit ?? 1;
	return (value) => scale(value / unit);
}
/** Where a time is in a chart's box, px from its left; and back. */
const leftOf = (drawn, ns, { unit }) => plotOf(drawn).left + drawn.view.scale("x")(ns / unit.ns);
const timeAt = (drawn, left, { unit }) => drawn.view.scale("x").invert(left - plotOf(drawn).left) * unit.ns;

// packages/report/src/counter-words.ts
/** A VM's counters by their names in the run's tables, as legends call them. */
const COUNTER_WORDS = {
	configured: "configured",
	granted: "granted: has machine memory behind it",
	consumed: "consumed: charged to the VM",
	guestUsed: "used, as the guest says",
	guestAllocated: "allocated in the guest since tracing began",
	activeReported: "active, as the estimator reports it",
	active: "active, true",
	activewrite: "active write, true",
	shared: "shared machine memory",
	vmmemctl: "in the balloon",
	vmmemctltarget: "in the balloon, as the host wants it",
	zipped: "compressed (zipped)",
	zipCache: "zip cache: machine memory for the compressed",
	swapped: "swapped by the host",
	unbacked: "unbacked: nothing behind it",
	target: "target of the last balance"
};
/** A counter in its legend's words, without their explanation; other names as they are. */
const counterWords = (name) => Object.entries(COUNTER_WORDS).find(([counter]) => counter === name)?.[1].replace(/:.*/, "") ?? name;

// packages/report/src/told-lines.ts
/** Lines at most: of more numbers at one place nothing is told. */
const LINES_MAX = 24;
/** Columns of estimates: a part of a page is not in what was sampled. */
const ESTIMATED = /* @__PURE__ */ new Set([
	"activeReported",
	"reported",
	"low",
	"high"
]);
/** What a chart's rows at one place of its axes say, in lines: the place, then their numbers; nothing where there are too many. */
function toldLines({ numbers, words, names }, of, { x, y }, rows, windowNs) {
	const [first] = rows;
	if (first === void 0) return [];
	const axes = y === void 0 ? [x] : [x, y];
	const named = (column) => words[column] ?? counterWords(column);
	const placed = /* @__PURE__ */ new Set([
		"time",
		"vm",
		...Object.keys(of),
		...axes.flatMap(({ column, end }) => [column, end ?? column])
	]);
	const columns = Object.entries(numbers.columns).filter(([name]) => !placed.has(name));
	const texts = columns.filter(([, { type }]) => type === "text").map(([name]) => name);
	const counts = columns.filter(([, { type }]) => type !== "text");
	const textWords = (text) => {
		const cls = LEDGER_CLASSES.find((each) => each === text);
		return cls !== void 0 && texts.includes("class") ? classWords(cls, windowNs) : names[text] ?? counterWords(text);
	};
	const textOf = (row, name) => textWords(String(row[name] ?? ""));
	const countsOf = (row) => counts.flatMap(([name, { unit }]) => {
		const value = row[name] ?? null;
		const own = unit === name && unit !== "pages" ? "" : unit;
		return value === null ? [] : [[named(name), inUnits(Number(value), own, ESTIMATED.has(name))]];
	});
	const aloneLines = (row) => [...texts.map((name) => `${named(name)}: ${textOf(row, name)}`), ...countsOf(row).map(([name, said]) => `${name}: ${said}`)];
	/** Of several rows texts tell them apart. One number needs no name, and a 0 says nothing. */
	const labelledLines = (row) => {
		const label = texts.map((name) => textOf(row, name));
		if (counts.length > 1) return countsOf(row).map(([name, said]) => `${[...label, name].join(", ")}: ${said}`);
		return counts.every(([name]) => row[name] === 0) ? [] : countsOf(row).map(([, said]) => `${label.join(", ")}: ${said}`);
	};
	const told = rows.length === 1 ? aloneLines(first) : rows.flatMap(labelledLines);
	if (told.length > LINES_MAX) return [];
	return [...axes.map((along) => placeLine(along, first, named(along.column), numbers)), ...told];
}
/** Where the rows are on an axis: an instant or two, guest-physical pages, or a value with its name. */
function placeLine({ column, end = column, unit: per }, row, name, { columns }) {
	const [from, to] = [Number(row[column]), Number(row[end])];
	const { unit = "", type } = columns[column] ?? {};
	if (unit === "PPN") return `guest-physical pages ${formatCount(from)} to ${formatCount(to - 1)}: ${exactMemory(to - from)}`;
	if (type !== "time") return `${name}: ${inUnits(from, unit, false)}`;
	if (end !== column) return formatInterval(from, to);
	return column === "time" ? formatOnAxis(from, { ns: per }) : `${name}: ${formatDuration(from)}`;
}
/** A number with its unit; memory with its bytes. */
function inUnits(value, unit, isEstimated) {
	if (unit === "pages") return exactMemory(isEstimated ? Math.round(value) : value);
	if (unit === "ns") return formatSpan(value);
	if (unit === "%") return formatShare(value, 100);
	if (unit === "cycles") return `${formatFigure(value)} cycles`;
	return value === 1 && unit.endsWith("s") ? `1 ${unit.replace(/(?:(?<=ss)e)?s$/, "")}` : `${formatCount(value)} ${unit}`.trim();
}

// packages/report/src/browser/tips.ts
const box = document.createElement("div");
box.className = "tip";
box.hidden = true;
box.setAttribute("aria-hidden", "true");
/** Exact numbers beside the pointer: of what has them written on it, and of charts with axes those of the nearest rows. */
function offerTips(panels, time) {
	document.body.append(box);
	document.addEventListener("pointermove", (event) => {
		const target = event.target instanceof Element ? event.target : void 0;
		tell(target === void 0 ? [] : tipOf(target) ?? chartTip(target, event, panels, time), event.clientX, event.clientY);
	});
	document.addEventListener("pointerleave", () => tell([], 0, 0));
	document.addEventListener("scroll", hideWhereMoved, { passive: true });
}
/** Where the page was scrolled to when lines were shown last. */
let shownAt = [0, 0];
/** The event of a scroll comes a frame late: one from before the lines were shown, to a chart that was given the focus, leaves them. */
function hideWhereMoved() {
	if (scrollX !== shownAt[0] || scrollY !== shownAt[1]) tell([], 0, 0);
}
/** Shows lines at a place of the viewport, px; nothing where there are none. */
function tell(lines, x, y) {
	box.hidden = lines.length === 0;
	if (box.hidden) return;
	shownAt = [scrollX, scrollY];
	box.replaceChildren(...lines.map((line) => {
		const row = document.createElement("div");
		row.textContent = line;
		return row;
	}));
	const { width, height } = box.getBoundingClientRect();
	const { clientWidth, clientHeight } = document.documentElement;
	const left = x + 16 + width > clientWidth ? x - width - 12 : x + 16;
	box.style.left = `${Math.max(4, Math.min(left, clientWidth - width - 4))}px`;
	box.style.top = `${Math.max(4, Math.min(y + 16, clientHeight - height - 4))}px`;
}
/** What is written on an element, or is the tooltip of the mark that it draws. */
function tipOf(target) {
	const written = target.closest("[data-tip]")?.dataset["tip"];
	if (written !== void 0) return [written];
	const { tooltip, mark } = Object(Reflect.get(target, "__data__"));
	const isOfMany = ["line", "area"].includes(Object(mark).marktype);
	return typeof tooltip === "string" && !isOfMany ? tooltip.split("\n") : void 0;
}
function chartTip(target, { clientX, clientY }, panels, time) {
	const drawn = panels.get(target.closest(".chart") ?? target);
	for (const other of panels.values()) if (other !== drawn) showCursor(other, void 0);
	if (drawn === void 0) return [];
	const { left, top } = drawn.box.getBoundingClientRect();
	const plot = plotOf(drawn);
	const [x, y] = [clientX - left - plot.left, clientY - top - plot.top];
	const rows = x >= 0 && x <= plot.width ? rowsUnder(drawn, x, y) : [];
	showCursor(drawn, rows[0]);
	return linesOf(drawn, rows, time);
}
/** A chart's rows nearest to a place in its plot, px; by x alone where y is undefined. */
function rowsUnder(drawn, x, y) {
	const { chart, rows, under } = drawn;
	if (chart.numbers === null || under === void 0) return [];
	const places = [{
		...under.x,
		at: x,
		measured: measuredOn(drawn, "x")
	}, ...under.y === void 0 || y === void 0 ? [] : [{
		...under.y,
		at: y,
		measured: measuredOn(drawn, "y")
	}]];
	return rowsAt(chart.numbers, rows, places);
}
/** Rows at one place in words. */
function linesOf({ chart: { numbers, words, names }, panel, under }, rows, time) {
	return numbers === null || under === void 0 ? [] : toldLines({
		numbers,
		words,
		names
	}, panel.of, under, rows, time.windowNs);
}
/** A line where a row is along x; none where it is undefined. */
function showCursor(drawn, row) {
	const { box, under } = drawn;
	let line = box.querySelector(".cursor");
	if (line === null && row === void 0) return;
	if (line === null) {
		line = document.createElement("div");
		line.className = "cursor";
		box.append(line);
	}
	line.hidden = row === void 0 || under === void 0;
	if (row === void 0 || under === void 0) return;
	const { column, end = column } = under.x;
	const measured = measuredOn(drawn, "x");
	const middle = (measured(Number(row[column])) + measured(Number(row[end]))) / 2;
	const { left, top, height } = plotOf(drawn);
	Object.assign(line.style, {
		left: `${left + middle}px`,
		top: `${top}px`,
		height: `${height}px`
	});
}

// packages/report/src/browser/cursor.ts
/** What the cursor is at, for those who do not see it. */
const spoken = document.createElement("div");
spoken.className = "unseen";
spoken.setAttribute("role", "status");
document.body.append(spoken);
/** On a chart whose numbers lie along x the arrow keys move a cursor over them; on one over time Enter has the instant explained. */
function offerCursor(drawn, time, select) {
	const { box, chart, rows: own, under } = drawn;
	const isFlat = under?.y !== void 0;
	if (chart.numbers === null || under === void 0 || isFlat && select === void 0) return;
	const stretches = stretchesOf(chart.numbers, own, under.x);
	if (stretches.length === 0) return;
	box.tabIndex = 0;
	let current;
	box.addEventListener("blur", () => {
		current = void 0;
		showCursor(drawn, void 0);
		tell([], 0, 0);
	});
	box.addEventListener("keydown", (event) => {
		const { key } = event;
		const { width } = plotOf(drawn);
		const measured = measuredOn(drawn, "x");
		const placeOf = ([from, to]) => (measured(from) + measured(to)) / 2;
		const shown = stretches.filter((stretch) => placeOf(stretch) >= -1 && placeOf(stretch) <= width + 1);
		const last = shown.length - 1;
		const at = current === void 0 ? -1 : shown.indexOf(current);
		if (key === "Enter" && at >= 0) select?.(current?.[1] ?? NaN);
		const chosen = shown[{
			ArrowLeft: Math.max(0, at - 1),
			ArrowRight: Math.min(last, at + 1),
			Home: 0,
			End: last
		}[key] ?? -1];
		if (chosen === void 0) return;
		event.preventDefault();
		current = chosen;
		const x = placeOf(chosen);
		const rows = rowsUnder(drawn, x, void 0);
		const lines = isFlat ? [] : linesOf(drawn, rows, time);
		const { left, top } = box.getBoundingClientRect();
		showCursor(drawn, rows[0]);
		tell(lines, left + plotOf(drawn).left + x, top + 40);
		spoken.textContent = lines.join("; ");
	});
}

// packages/report/src/browser/next-frame.ts
/** Work that is done once per frame however often it is asked for, and never twice at a time. */
function atNextFrame(work) {
	let isAsked = false;
	let isBusy = false;
	const run = async () => {
		try {
			while (isAsked) {
				isAsked = false;
				await work();
			}
		} finally {
			isBusy = false;
		}
	};
	return () => {
		isAsked = true;
		if (!isBusy) {
			isBusy = true;
			requestAnimationFrame(() => void run());
		}
	};
}

// packages/report/src/browser/interval.ts
/** On a chart over time all but the interval is veiled; nothing where none is selected. */
function showInterval(drawn, interval, time) {
	if (!drawn.isOverTime) return;
	const [veil, band] = veilOf(drawn.box);
	veil.hidden = interval === void 0;
	if (interval === void 0) return;
	const { left, top, width, height } = plotOf(drawn);
	place(veil, left, top, width, height);
	const from = leftOf(drawn, interval.fromNs, time);
	const to = leftOf(drawn, interval.toNs, time);
	place(band, from - left, 0, Math.max(1, to - from), height);
}
function veilOf(box) {
	const found = box.querySelector(".veil");
	const band = found?.firstElementChild;
	if (found !== null && band instanceof HTMLElement) return [found, band];
	const [veil, inner] = [document.createElement("div"), document.createElement("div")];
	veil.className = "veil";
	inner.className = "band";
	veil.append(inner);
	box.append(veil);
	return [veil, inner];
}
function place({ style }, left, top, width, height) {
	Object.assign(style, {
		left: `${left}px`,
		top: `${top}px`,
		width: `${width}px`,
		height: `${height}px`
	});
}

// packages/report/src/browser/save.ts
/** The buttons that give a chart's numbers and its spec, and the markers. */
function offerFiles({ frame, stacked, charts, markers }) {
	document.querySelector("[data-save=markers]")?.addEventListener("click", () => {
		if (markers !== null) save("markers.csv", "text/csv", numbersCsv(markers));
	});
	for (const button of document.querySelectorAll("[data-save]")) {
		const chart = charts[Number(button.dataset["chart"])];
		if (chart === void 0) continue;
		button.addEventListener("click", () => {
			if (button.dataset["save"] === "csv") {
				if (chart.numbers !== null) save(`${chart.name}.csv`, "text/csv", numbersCsv(chart.numbers));
				return;
			}
			const panels = [...button.closest("figure")?.querySelectorAll(".panel:not([hidden]) .chart") ?? []].flatMap((box) => chart.panels[Number(box.dataset["panel"])] ?? []);
			save(`${chart.name}.vl.json`, "application/json", `${JSON.stringify(vegaLite(frame, stacked, panels), null, 2)}\n`);
		});
	}
}
function save(name, type, text) {
	const link = document.createElement("a");
	link.href = URL.createObjectURL(new Blob([text], { type }));
	link.download = name;
	link.click();
	setTimeout(() => URL.revokeObjectURL(link.href), 1e4);
}
/** The Vega-Lite spec of the panels shown, with their data. */
function vegaLite(frame, stacked, panels) {
	const [only] = panels;
	if (panels.length === 1 && only !== void 0) return {
		...frame,
		...Object(withRows(only.vegaLite, only.rows))
	};
	const together = (spec) => Object.fromEntries(Object.entries(spec).filter(([key]) => key !== "autosize" && key !== "description"));
	return {
		...frame,
		...stacked,
		vconcat: panels.map(({ label, rows, vegaLite: spec }) => ({
			title: label,
			...Object(withRows(together(spec), rows))
		}))
	};
}
/** The spec with the rows put back under their data's names. */
function withRows(value, rows) {
	if (Array.isArray(value)) return value.map((each) => withRows(each, rows));
	if (typeof value !== "object" || value === null) return value;
	return Object.fromEntries(Object.entries(value).map(([key, each]) => {
		const own = key === "data" ? rows[Object(each).name] : void 0;
		return [key, own === void 0 ? withRows(each, rows) : {
			...each,
			values: unpackedRows(own)
		}];
	}));
}

// packages/report/src/instant-label.ts
/** Over a panel of a VM at an instant. */
const instantLabel = ({ vm, counters }, windowNs) => `${vmLabel(vm)} at ${formatInstant(counters.time)}, window ${formatDuration(windowNs)}`;

// packages/report/src/palette.ts
/**
* One colour per ledger class, in every chart, light and dark. Found by search: at least 3:1 contrast against both papers
* (WCAG 2.2, 1.4.11), at least 0.1 apart in OKLab as seen with normal, protan and deutan vision (0.07 with tritan), and the three idle
* classes a ramp from light to dark, warm to cold.
*/
const CLASS_COLOUR = {
	active: "#cc1515",
	slack: "#cb8403",
	freed: "#227157",
	idle1: "#319ae3",
	idle5: "#2c61fe",
	idle30: "#7c50ab",
	sharing: "#9e7c97"
};
/** For totals: consumed, granted. */
const GREY = "#7b8794";

// packages/report/src/waterfall-steps.ts
const FALL = [
	"sharing",
	"slack",
	"freed",
	"idle30",
	"idle5",
	"idle1"
];
/** From consumed down to active, a class per step; those without pages are left out. */
function waterfallSteps({ counters: { consumed, active }, ledger }) {
	const steps = [{
		step: "consumed",
		words: "consumed: charged to the VM",
		pages: consumed,
		from: 0,
		to: consumed,
		colour: GREY
	}];
	let left = consumed;
	for (const cls of FALL) {
		const row = ledger.find((each) => each.class === cls);
		if (row === void 0 || row.pages === 0) continue;
		steps.push({
			step: cls,
			words: row.words,
			pages: row.pages,
			from: left,
			to: left - row.pages,
			colour: CLASS_COLOUR[cls]
		});
		left -= row.pages;
	}
	const words = ledger.find((each) => each.class === "active")?.words ?? "active";
	steps.push({
		step: "active",
		words,
		pages: active,
		from: 0,
		to: active,
		colour: CLASS_COLOUR.active
	});
	return steps;
}
/** The unit of the waterfall's axis. */
const waterfallUnit = ({ counters: { consumed, granted } }) => memoryUnit(Math.max(consumed, granted));
/** The steps as the waterfall's data: a row of the drawing is 1 high. */
const waterfallRows = (instant) => waterfallSteps(instant).map(({ words, pages, from, to, colour }, i) => ({
	words,
	memory: formatPages(pages),
	size: `${formatPages(pages)} · ${formatPageCount(pages)}`,
	from: inUnit(from, waterfallUnit(instant)),
	to: inUnit(to, waterfallUnit(instant)),
	colour,
	begin: i,
	text: i + .26,
	top: i + .48,
	bottom: i + .9,
	link: i + 1.08,
	tip: `${words}: ${exactMemory(pages)}`
}));
/** The title of the waterfall's axis. */
const waterfallAxis = (instant) => `host memory (${waterfallUnit(instant).name})`;

// packages/report/src/browser/waterfall.ts
/** The waterfall's spec and rows for another instant: as many rows as it has steps. `colours`: a house's, by ours. */
function waterfallAt({ vega, rows }, instant, colours) {
	const steps = waterfallRows(instant).map((step) => ({
		...step,
		colour: colours[step.colour] ?? step.colour
	}));
	const own = Object.fromEntries(Object.keys(rows).map((name) => [name, { rows: name.startsWith("links") ? steps.slice(0, -1) : steps }]));
	const scales = (vega.scales ?? []).map((scale) => scale.name === "y" ? {
		...scale,
		domain: [0, steps.length]
	} : scale);
	const axes = (vega.axes ?? []).map((axis) => "title" in axis ? {
		...axis,
		title: waterfallAxis(instant)
	} : axis);
	return {
		vega: {
			...vega,
			height: steps.length * 44,
			scales,
			axes
		},
		rows: own
	};
}

// packages/report/src/browser/main.ts
const { charts, time, samples, ...others } = await unpacked();
const panels = /* @__PURE__ */ new Map();
const blocks = explainingBlocks();
const picked = () => document.querySelector(".picker input:checked")?.value ?? "0";
const pickedSamples = () => picked() === "all" ? samples : samples.filter((_, v) => String(v) === picked());
let selected;
/** What charts over time show; undefined: the run. */
let shown;
const timeline = brush(samples, time, select);
const zooming = zoomButton((interval) => {
	shown = interval;
	for (const drawn of panels.values()) {
		zoom(drawn, interval, time);
		showCursor(drawn, void 0);
		showInterval(drawn, selected, time);
	}
});
/** Explains an interval on all of the page, or what the page explained at first. */
function select(interval) {
	selected = interval;
	delete document.documentElement.dataset["explained"];
	explain();
}
const explain = atNextFrame(async () => {
	const interval = selected;
	zooming.follow(interval);
	document.documentElement.toggleAttribute("data-selected", interval !== void 0);
	if (interval === void 0) blocks.reset();
	else blocks.explain(samples.map((each) => vmInterval(each, interval, time)), time.windowNs);
	for (const drawn of panels.values()) showInterval(drawn, interval, time);
	showTimeline();
	await redrawWaterfalls(interval);
	if (interval === selected) document.documentElement.dataset["explained"] = interval === void 0 ? "" : `${interval.fromNs} ${interval.toNs}`;
});
/** At the timeline: what is explained, in short, and in full for those who do not see the page. */
function showTimeline() {
	const [first] = pickedSamples();
	if (selected === void 0 || first === void 0) {
		timeline?.show(void 0, "Drag or click on the timeline or any chart of time, to have that explained; on a chart also by arrow keys, Enter, Esc.", "");
		return;
	}
	const { from, to, since } = vmInterval(first, selected, time);
	if (since === void 0) timeline?.show(selected, `Explaining ${formatOnAxis(to.counters.time, time.unit)}.`, plainText(explanationText(to, time.windowNs)));
	else timeline?.show(selected, `Explaining ${formatInterval(from.counters.time, to.counters.time)}.`, plainText(changeText(from, to)));
}
/** Of each VM the first waterfall shows the selected instant; its others are not shown. */
async function redrawWaterfalls(interval) {
	const seen = /* @__PURE__ */ new Set();
	for (const drawn of panels.values()) {
		const { box, chart, panel } = drawn;
		const own = samples.find(({ vm }) => vm === panel.vm);
		if (chart.name !== "waterfall" || own === void 0) continue;
		const isFirst = !seen.has(panel.vm);
		seen.add(panel.vm);
		const panelElement = box.closest(".panel");
		panelElement?.classList.toggle("away", interval !== void 0 && !isFirst);
		if (!isFirst) continue;
		const instant = interval === void 0 ? void 0 : vmInterval(own, interval, time).to;
		const { vega, rows } = instant === void 0 ? panel : waterfallAt(panel, instant, others.colours);
		const told = instant === void 0 ? void 0 : plainText(gapText(instant, time.windowNs));
		box.dataset["told"] ??= box.getAttribute("aria-label") ?? "";
		box.setAttribute("aria-label", told ?? box.dataset["told"]);
		const heading = panelElement?.querySelector("h3");
		if (heading) heading.textContent = instant === void 0 ? panel.label : instantLabel(instant, time.windowNs);
		drawn.view.finalize();
		drawn.view = await drawIn(box, panel, vega, rows);
	}
}
function pick(value) {
	for (const panel of document.querySelectorAll(".panel[data-vm]")) panel.hidden = value !== "all" && panel.dataset["vm"] !== value;
	timeline?.draw(pickedSamples());
	showTimeline();
}
for (const input of document.querySelectorAll(".picker input")) input.addEventListener("change", () => pick(input.value));
document.addEventListener("keydown", ({ key }) => {
	if (key === "Escape" && selected !== void 0) select(void 0);
});
document.addEventListener("click", (event) => {
	const link = event.target instanceof Element ? event.target.closest("[data-rows]") : null;
	if (link === null) return;
	for (const lit of document.querySelectorAll(".lit")) lit.classList.remove("lit");
	for (const id of (link.dataset["rows"] ?? "").split(" ")) {
		const row = document.getElementById(id);
		row?.classList.add("lit");
		const vm = row?.closest(".panel[hidden]")?.dataset["vm"];
		const option = document.querySelector(`.picker input[value="${vm ?? ""}"]`);
		if (option !== null) {
			option.checked = true;
			pick(option.value);
		}
	}
});
await Promise.allSettled([...document.fonts].map((font) => font.load()));
pick(picked());
offerFiles({
	...others,
	charts,
	time,
	samples
});
offerTips(panels, time);
const boxes = [...document.querySelectorAll(".chart")];
const isSeen = (box) => box.closest("[hidden]") === null;
for (const box of [...boxes.filter(isSeen), ...boxes.filter((each) => !isSeen(each))]) {
	const chart = charts[Number(box.dataset["chart"])];
	const panel = chart?.panels[Number(box.dataset["panel"])];
	if (chart === void 0 || panel === void 0) continue;
	const drawn = await drawPanel(box, chart, panel, time);
	panels.set(box, drawn);
	if (shown !== void 0) zoom(drawn, shown, time);
	showInterval(drawn, selected, time);
	box.closest("figure")?.toggleAttribute("data-stays", !drawn.isOverTime && chart.name !== "waterfall");
	const isBrushed = drawn.isOverTime && timeline !== void 0;
	offerCursor(drawn, time, isBrushed ? (ns) => select(timeline.snapped({
		fromNs: ns,
		toNs: ns
	})) : void 0);
	if (isBrushed) {
		box.classList.add("over-time");
		dragging(box, (a, b) => {
			const { left } = box.getBoundingClientRect();
			select(timeline.snapped({
				fromNs: timeAt(drawn, a - left, time),
				toNs: timeAt(drawn, b - left, time)
			}));
		});
	}
}
document.documentElement.dataset["ready"] = "";
onSurroundings(() => {
	redraw(panels.values());
	for (const drawn of panels.values()) showInterval(drawn, selected, time);
});
async function unpacked() {
	const text = document.getElementById("charts")?.textContent ?? "";
	const packed = Uint8Array.from(atob(text.trim()), (character) => character.codePointAt(0) ?? 0);
	const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
	return JSON.parse(await new Response(stream).text());
}
