// Replaces a poster by its provider's player, once a reader asks for it.
for (const link of document.querySelectorAll("a[data-player]")) {
    link.addEventListener("click", (event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        const frame = document.createElement("iframe");
        frame.src = link.dataset.player;
        frame.title = link.dataset.title;
        frame.width = 1280;
        frame.height = 720;
        frame.allow = "autoplay; encrypted-media; fullscreen; picture-in-picture";
        frame.allowFullscreen = true;
        frame.referrerPolicy = "strict-origin-when-cross-origin";
        link.replaceWith(frame);
        frame.focus();
    });
}
