// The progress of a submission in the admin looks again every two seconds, until it is finished.
const shown = document.querySelector("[data-submission]");
if (shown && shown.dataset.submission === "running") {
    setTimeout(() => location.reload(), 2000);
}
