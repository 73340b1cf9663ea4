// What pages do beyond HTML, each part only where its elements are. Everything works without it.

// A form on its way says so, and a second press does not send it twice.
for (const form of document.querySelectorAll("form[data-busy]")) {
    const button = form.querySelector("button[type=submit]");
    const words = button.textContent;

    form.addEventListener("submit", (event) => {
        if (button.hasAttribute("aria-disabled")) {
            event.preventDefault();
            return;
        }
        button.setAttribute("aria-disabled", "true");
        button.textContent = form.dataset.busy;
    });

    // The browser may bring the page back as it was left.
    addEventListener("pageshow", () => {
        button.removeAttribute("aria-disabled");
        button.textContent = words;
    });
}

// A form that is begun gets the signed time of its beginning, once; without it the form is sent all the same.
for (const form of document.querySelectorAll("form[data-opened]")) {
    const ask = async () => {
        // A form that came back with errors has the time of its first beginning.
        if (form.elements.opened) return;
        try {
            const response = await fetch(form.dataset.opened);
            if (!response.ok) return;
            const input = document.createElement("input");
            input.type = "hidden";
            input.name = "opened";
            input.value = await response.text();
            form.append(input);
        } catch {
            // No time is no fault of the reader's.
        }
    };
    form.addEventListener("focusin", ask, { once: true });
}

// Share, copy and print beside an article.
const copyButton = document.querySelector("[data-copy]");

copyButton?.addEventListener("click", async () => {
    const { copy, copied, notCopied } = copyButton.dataset;
    const status = document.querySelector(".use [role=status]");
    try {
        await navigator.clipboard.writeText(copy);
        status.textContent = copied;
    } catch {
        status.textContent = notCopied;
    }
});

document.querySelector("[data-print]")?.addEventListener("click", () => print());

// On paper an address without the site's name leads nowhere.
addEventListener("beforeprint", () => {
    for (const link of document.querySelectorAll('a[href^="/"]')) {
        link.dataset.address = location.origin + link.getAttribute("href");
    }
});

const shareButton = document.querySelector("[data-share]");
if (shareButton && navigator.share) {
    shareButton.hidden = false;
    // Putting the device's sheet away is no fault.
    shareButton.addEventListener("click", () =>
        navigator.share({ title: shareButton.dataset.share, url: copyButton.dataset.copy }).catch(() => {}),
    );
}

// The table of contents marks the section being read.
const links = new Map(
    [...document.querySelectorAll(".rail .contents a")].map((link) => [decodeURIComponent(link.hash.slice(1)), link]),
);
const headings = [...links.keys()].map((id) => document.getElementById(id)).filter(Boolean);
let isWaiting = false;

function mark() {
    isWaiting = false;
    const passed = headings.filter((heading) => heading.getBoundingClientRect().top < innerHeight / 3);
    const current = passed.at(-1)?.id;
    for (const [id, link] of links) {
        if (id === current) link.setAttribute("aria-current", "true");
        else link.removeAttribute("aria-current");
    }
}

function markSoon() {
    if (isWaiting) return;
    isWaiting = true;
    requestAnimationFrame(mark);
}

if (headings.length) {
    addEventListener("scroll", markSoon, { passive: true });
    markSoon();
}
