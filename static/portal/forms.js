// Says that a form is on its way, and keeps a second press from sending it twice.
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
