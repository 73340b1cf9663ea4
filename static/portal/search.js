// Suggestions under the search field, and word of which searches find what. The search works without both.

const WAIT = 120; // milliseconds after the last letter
const PAUSE = 10_000; // milliseconds without asking, when the server says that it is too much
const MIN_LETTERS = 2;
const WORD = /[\p{L}\p{N}\p{M}]+/gu;

const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

/** Return the nodes of a label in which the beginnings of words that were typed are bold. */
function marked(label, typed) {
    const beginnings = (typed.match(WORD) ?? []).map(fold).sort((one, other) => other.length - one.length);
    const nodes = [];
    let done = 0;
    for (const { 0: word, index } of label.matchAll(WORD)) {
        const beginning = beginnings.find((one) => one && fold(word).startsWith(one));
        if (!beginning) continue;
        // Marks over letters fall away in folding, so the length is found and not taken over.
        let end = 1;
        while (fold(word.slice(0, end)).length < beginning.length) end += 1;
        while (/^\p{M}/u.test(word.slice(end))) end += 1;
        const bold = document.createElement("b");
        bold.textContent = word.slice(0, end);
        nodes.push(label.slice(done, index), bold);
        done = index + end;
    }
    return [...nodes, label.slice(done)];
}

/** An editable combobox whose list is chosen from by hand (ARIA Authoring Practices Guide); a choice opens a page. */
class Suggestions {
    #active = -1;
    #asked = new AbortController();
    #quietUntil = 0;
    #timer;

    constructor(form) {
        this.form = form;
        this.input = form.elements.q;
        this.list = document.createElement("ul");
        this.list.id = `${this.input.id}-suggestions`;
        this.list.className = "suggestions";
        this.list.hidden = true;
        this.status = document.createElement("div");
        this.status.className = "for-listeners";
        const roles = { role: "listbox", "aria-label": form.dataset.label };
        for (const [name, value] of Object.entries(roles)) this.list.setAttribute(name, value);
        this.status.setAttribute("role", "status");
        this.input.after(this.list, this.status);
        const combobox = { role: "combobox", "aria-expanded": "false", "aria-controls": this.list.id };
        for (const [name, value] of Object.entries(combobox)) this.input.setAttribute(name, value);
        this.input.setAttribute("aria-autocomplete", "list");
        this.#listen();
    }

    #listen() {
        this.input.addEventListener("input", (event) => event.isComposing || this.#askSoon());
        this.input.addEventListener("compositionend", () => this.#askSoon());
        this.input.addEventListener("keydown", (event) => this.#press(event));
        this.input.addEventListener("blur", () => this.close());
        this.form.addEventListener("submit", () => this.close());
        // The field keeps the focus while the list is touched.
        this.list.addEventListener("mousedown", (event) => event.preventDefault());
        this.list.addEventListener("click", (event) => this.#follow(event.target.closest("[role=option]")));
    }

    get isOpen() {
        return !this.list.hidden;
    }

    close() {
        clearTimeout(this.#timer);
        this.#asked.abort();
        this.#show([]);
        this.status.textContent = "";
    }

    #askSoon() {
        clearTimeout(this.#timer);
        this.#asked.abort();
        this.#activate(-1);
        const typed = this.input.value.trim();
        if ([...typed].length < MIN_LETTERS) this.close();
        else this.#timer = setTimeout(() => this.#ask(typed), WAIT);
    }

    async #ask(typed) {
        if (performance.now() < this.#quietUntil) return this.close();
        this.#asked = new AbortController();
        const { signal } = this.#asked;
        try {
            const address = new URL(this.form.dataset.suggest, location);
            address.searchParams.set("q", typed);
            const response = await fetch(address, { signal });
            if (response.status === 429) this.#quietUntil = performance.now() + PAUSE;
            const { suggestions } = response.ok ? await response.json() : { suggestions: [] };
            if (signal.aborted) return;
            this.#show(suggestions, typed);
            if (response.ok) this.#say(suggestions.length);
        } catch {
            // A search without suggestions is no fault; a newer question has closed or will fill the list.
            if (!signal.aborted) this.#show([]);
        }
    }

    #show(suggestions, typed) {
        this.#activate(-1);
        this.list.replaceChildren(...suggestions.map((one, place) => this.#option(one, place, typed)));
        this.list.hidden = suggestions.length === 0;
        this.input.setAttribute("aria-expanded", String(this.isOpen));
    }

    #option({ label, url, kind }, place, typed) {
        const option = document.createElement("li");
        option.id = `${this.list.id}-${place}`;
        option.setAttribute("role", "option");
        option.setAttribute("aria-selected", "false");
        option.dataset.url = url;
        const words = document.createElement("span");
        words.dir = "auto";
        words.append(...marked(label, typed));
        option.append(words);
        if (kind) {
            const note = document.createElement("span");
            note.className = "note";
            note.textContent = kind;
            option.append(" ", note);
        }
        return option;
    }

    #say(number) {
        const { found, none } = this.form.dataset;
        this.status.textContent = number ? found.replace("{number}", number) : none;
    }

    /** Mark an option; -1 gives the keyboard back to the text. */
    #activate(place) {
        this.list.children[this.#active]?.setAttribute("aria-selected", "false");
        this.#active = place;
        const option = this.list.children[place];
        if (!option) return this.input.removeAttribute("aria-activedescendant");
        option.setAttribute("aria-selected", "true");
        option.scrollIntoView({ block: "nearest" });
        this.input.setAttribute("aria-activedescendant", option.id);
    }

    #follow(option) {
        if (!option) return;
        this.close();
        location.assign(option.dataset.url);
    }

    #press(event) {
        // What a key means while a word is being composed is the input method's business.
        if (event.isComposing || event.keyCode === 229 || event.ctrlKey || event.metaKey) return;
        const count = this.list.children.length;
        const place = this.#active;
        const keys = {
            ArrowDown: () => (this.isOpen ? event.altKey || this.#activate((place + 1) % count) : this.#askSoon()),
            ArrowUp: () => this.isOpen && (event.altKey ? this.close() : this.#activate(place > 0 ? place - 1 : count - 1)),
            Enter: () => place >= 0 && this.#follow(this.list.children[place]),
            // The first press closes the list, the second empties the field, in every browser.
            Escape: () => (this.isOpen ? this.close() : (this.input.value = "")),
        };
        const isOurs = event.key === "Enter" ? place >= 0 : event.key in keys;
        if (isOurs) {
            event.preventDefault();
            keys[event.key]();
        } else if (["Home", "End", "ArrowLeft", "ArrowRight"].includes(event.key)) {
            this.#activate(-1);
        } else if (event.key === "Tab") {
            this.close();
        }
    }
}

for (const form of document.querySelectorAll("form[data-suggest]")) new Suggestions(form);

// For the editors' report: which words found how much, and which result was opened. Of the reader it says nothing.
const results = document.querySelector("[data-seen]");

function tell(facts) {
    navigator.sendBeacon?.(results.dataset.seen, new URLSearchParams({ q: results.dataset.query, ...facts }));
}

function tellOpened(event) {
    const rank = event.target.closest("a[data-rank]")?.dataset.rank;
    // The second button of a mouse opens nothing.
    if (rank && event.button < 2) tell({ rank });
}

if (results) {
    const { total, page } = results.dataset;
    // Coming back to a list or loading it again is not another search.
    if (performance.getEntriesByType("navigation")[0]?.type === "navigate") tell({ total, page });
    results.addEventListener("click", tellOpened);
    results.addEventListener("auxclick", tellOpened);
}
