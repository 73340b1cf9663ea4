// Marks the section being read in the table of contents.
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
