// How far the sending of an issue is, in the admin: looked at every three seconds until it ends.
const shown = document.querySelector("[data-progress]");
const bar = shown?.querySelector("progress");
const words = shown?.querySelector("[role=status]");

async function look() {
    try {
        const answer = await fetch(shown.dataset.progress, { headers: { Accept: "application/json" } });
        if (!answer.ok || answer.redirected) return;
        const now = await answer.json();
        if (now.state !== "sending") {
            location.reload();
            return;
        }
        bar.max = Math.max(now.total, 1);
        bar.value = now.done;
        if (words.textContent !== now.words) words.textContent = now.words;
    } catch {
        // The next look may succeed.
    }
    setTimeout(look, 3000);
}

if (shown) setTimeout(look, 3000);
