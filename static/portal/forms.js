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
