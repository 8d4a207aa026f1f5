// The list of samples: filter, search, pages. All else on the page works without this.
//
// #index is JSON: columns with one entry a sample, in the order of the list (task, id, kind, scores
// of each run), and `starts`, the first sample of each pack. A .pack is base64 of gzip of lines, one
// a sample, each a JSON array:
//
//     [prompt, [choice ...], [index of a right choice ...], target, [run ...]]
//     run   null, or [[logprob of each choice], index picked or -1, [answer ...],
//           [[metric, value] ...], [[pipeline, extracted ...] ...], failure]; extracted is of generated answers only
//     text  "text", or ["what is kept of it", characters cut]
//
// Packs are unpacked when one of their samples is shown or searched. Nothing that comes out of them
// is ever made into markup: texts go into the page by textContent alone.
"use strict";
(function () {
    const PAGE = 50; // samples of a page
    const SLICE = 12; // ms of work before the browser gets its turn
    const KEPT = 64; // unpacked packs that stay in memory
    const WAIT = 180; // ms after the last key before a search begins
    const SNIPPET = 100; // characters

    const byId = (id) => document.getElementById(id);
    const holder = byId("index");
    if (!holder || typeof DecompressionStream === "undefined") return;
    const index = JSON.parse(holder.textContent);
    const packs = document.querySelectorAll("script.pack");
    const total = index.id.length;
    const list = byId("list"), status = byId("status"), place = byId("place");
    const words = byId("words"), kind = byId("kind"), task = byId("task");
    const previous = byId("previous"), next = byId("next");

    let found = []; // samples that are listed, by number
    let page = 0;
    let turn = 0; // of the search under way: a newer one ends it
    let drawing = 0;

    // ---- packs

    const unpacked = new Map(); // number to lines, the latest used last

    async function unpack(number) {
        const text = atob(packs[number].textContent);
        const bytes = new Uint8Array(text.length);
        for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
        const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
        return (await new Response(stream).text()).split("\n");
    }

    async function linesOf(number) {
        let lines = unpacked.get(number);
        if (lines) unpacked.delete(number);
        else lines = await unpack(number);
        unpacked.set(number, lines);
        if (unpacked.size > KEPT) unpacked.delete(unpacked.keys().next().value);
        return lines;
    }

    function packOf(sample) {
        let low = 0, high = index.starts.length - 1;
        while (low < high) {
            const middle = (low + high + 1) >> 1;
            if (index.starts[middle] <= sample) low = middle;
            else high = middle - 1;
        }
        return low;
    }

    async function read(sample) {
        const pack = packOf(sample);
        return JSON.parse((await linesOf(pack))[sample - index.starts[pack]]);
    }

    // ---- elements

    function element(name, style, text) {
        const made = document.createElement(name);
        if (style) made.className = style;
        if (text !== undefined) made.textContent = text;
        return made;
    }

    function addText(to, title, text, fromEnd) {
        const cut = Array.isArray(text);
        const note = cut ? element("p", "cut", text[1] + " characters cut here") : null;
        const block = element("pre", "", cut ? text[0] : text);
        block.dir = "auto";
        to.append(element("h4", "", title));
        if (note && fromEnd) to.append(note);
        to.append(block);
        if (note && !fromEnd) to.append(note);
    }

    const number = (value, digits) =>
        value === null ? "-" : typeof value === "string" ? value : value.toFixed(digits);
    const short = (value) => (value === null ? "-" : String(Number(value.toPrecision(4))));
    const plain = (text) => (Array.isArray(text) ? text[0] : text);

    function addChoices(to, sample) {
        const [, choices, gold, , runs] = sample;
        if (choices.length === 0) return;
        const table = element("table", "choices");
        const head = table.createTHead().insertRow();
        for (const title of ["choice"].concat(index.runs.map((run) => "logprob, " + run))) {
            const cell = element("th", "", title);
            cell.scope = "col";
            head.append(cell);
        }
        const body = table.createTBody();
        choices.forEach((choice, i) => {
            const row = body.insertRow();
            const name = element("th", "", plain(choice) + (Array.isArray(choice) ? " [cut]" : "") +
                (gold.includes(i) ? " (right)" : ""));
            name.scope = "row";
            name.dir = "auto";
            row.append(name);
            for (const run of runs) {
                const picked = run !== null && run[1] === i;
                const value = run === null || i >= run[0].length ? null : run[0][i];
                row.append(element("td", picked ? "number picked" : "number",
                    number(value, 4) + (picked ? " picked" : "")));
            }
        });
        const scroll = element("div", "scroll");
        scroll.append(table);
        to.append(element("h4", "", "Choices"), scroll);
    }

    function addRun(to, scores, run, label) {
        const [, , answers, values, extracted, failure] = run;
        for (const answer of answers)
            addText(to, "Answer of " + label, typeof answer === "number" ? number(answer, 4) : answer);
        for (const [pipeline, ...texts] of extracted)
            for (const text of texts) addText(to, "Extracted from " + label + " by " + pipeline, text);
        if (plain(failure) !== "") addText(to, "Failure of " + label, failure);
        for (const [metric, value] of values) {
            const item = element("li");
            item.append(element("span", "run", label), " " + metric + " ",
                element("strong", "", typeof value === "number" ? short(value) : number(value)));
            scores.append(item);
        }
    }

    function fill(body, sample) {
        const [prompt, choices, , target, runs] = sample;
        const scores = element("ul", "scores");
        addText(body, "Prompt", prompt, true);
        addChoices(body, sample);
        if (choices.length === 0) addText(body, "Target", target);
        runs.forEach((run, i) => {
            if (run !== null) addRun(body, scores, run, index.runs[i]);
        });
        body.append(element("h4", "", "Scores"), scores);
    }

    function snippetOf(prompt) {
        const text = plain(prompt).trim();
        const letters = Array.from(text.slice(-2 * SNIPPET));
        return text.length > SNIPPET ? "... " + letters.slice(-SNIPPET).join("") : text;
    }

    function item(which, sample) {
        const name = index.kinds[index.kind[which]];
        const made = element("details", "sample");
        const summary = element("summary");
        const snippet = element("span", "snippet", snippetOf(sample[0]));
        snippet.dir = "auto";
        summary.append(element("span", "kind " + name, name), " ",
            element("span", "where", index.tasks[index.task[which]] + " " + index.id[which]), " ",
            element("span", "change", index.scores.map((of) => short(of[which])).join(" / ")), " ",
            snippet);
        const body = element("div", "body");
        made.append(summary, body);
        made.addEventListener("toggle", () => {
            if (made.open && body.childElementCount === 0) fill(body, sample);
        });
        return made;
    }

    // ---- pages

    async function show() {
        const mine = ++drawing;
        const shown = found.slice(page * PAGE, (page + 1) * PAGE);
        const made = [];
        for (const which of shown) {
            made.push(item(which, await read(which)));
            if (mine !== drawing) return;
        }
        const pages = Math.max(1, Math.ceil(found.length / PAGE));
        list.replaceChildren(...made);
        place.textContent = "Page " + (page + 1) + " of " + pages.toLocaleString("en");
        previous.disabled = page === 0;
        next.disabled = page + 1 >= pages;
        byId("pages").hidden = pages === 1;
    }

    function turnPage(by) {
        page += by;
        show().then(() => {
            const first = list.querySelector("summary");
            byId("samples").scrollIntoView();
            if (first) first.focus({ preventScroll: true });
        });
    }

    // ---- search

    const pause = () => new Promise((done) => setTimeout(done, 0));

    function strings(value) {
        if (typeof value === "string") return [value];
        return Array.isArray(value) ? value.flatMap(strings) : [];
    }

    // The line is searched as it is, which is fast; only one that matches is read.
    function matches(line, escaped, wanted) {
        return line.toLowerCase().includes(escaped) &&
            strings(JSON.parse(line)).some((text) => text.toLowerCase().includes(wanted));
    }

    function tell(searched) {
        status.textContent = found.length.toLocaleString("en") + " of " + total.toLocaleString("en") +
            " samples" + (searched < total ? ", " + Math.floor(100 * searched / total) + " % searched" : "");
    }

    async function search() {
        const mine = ++turn;
        const wanted = words.value.toLowerCase();
        const escaped = JSON.stringify(wanted).slice(1, -1);
        let begun = performance.now(), told = begun, drawn = 0;
        found = [];
        page = 0;
        let at = 0, pack = -1, lines = null;
        for (; at < total; at++) {
            if ((at & 63) === 0 && performance.now() - begun > SLICE) {
                if (performance.now() - told > 250) {
                    tell(at);
                    told = performance.now();
                    if (drawn < PAGE && found.length > drawn) {
                        drawn = found.length;
                        show();
                    }
                }
                await pause();
                if (mine !== turn) return;
                begun = performance.now();
            }
            if (kind.value !== "" && index.kind[at] !== Number(kind.value)) continue;
            if (task.value !== "" && index.task[at] !== Number(task.value)) continue;
            if (wanted !== "") {
                if (pack < 0 || (pack + 1 < index.starts.length && at >= index.starts[pack + 1])) {
                    pack = packOf(at);
                    lines = await linesOf(pack);
                    if (mine !== turn) return;
                }
                if (!matches(lines[at - index.starts[pack]], escaped, wanted)) continue;
            }
            found.push(at);
        }
        tell(total);
        await show();
        document.documentElement.dataset.searched = String(mine); // for whoever measures
    }

    let timer = 0;
    words.addEventListener("input", () => {
        clearTimeout(timer);
        timer = setTimeout(search, WAIT);
    });
    kind.addEventListener("change", search);
    task.addEventListener("change", search);
    byId("controls").addEventListener("submit", (event) => event.preventDefault());
    previous.addEventListener("click", () => turnPage(-1));
    next.addEventListener("click", () => turnPage(1));
    byId("controls").hidden = false;
    search();
})();
