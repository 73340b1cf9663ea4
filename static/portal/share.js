// "Copy link" and "Print" beside an article.
const status = document.querySelector(".use [role=status]");

document.querySelector("[data-copy]")?.addEventListener("click", async ({ currentTarget }) => {
    const { copy, copied, notCopied } = currentTarget.dataset;
    try {
        await navigator.clipboard.writeText(copy);
        status.textContent = copied;
    } catch {
        status.textContent = notCopied;
    }
});

document.querySelector("[data-print]")?.addEventListener("click", () => print());
