"""A person's browser: what it shows, and everything that it complains of."""

from playwright.sync_api import Error


class Visit:
    """A browser with one open page.

    Args:
        context: a fresh Playwright browser context.
        origin: where the site is; anything asked for elsewhere is a complaint.
    """

    def __init__(self, context, origin):
        self.context = context
        self.origin = origin
        self.complaints = []
        self.page = context.new_page()
        self.page.on("console", self._said)
        self.page.on("pageerror", lambda error: self.complaints.append(f"script: {error}"))
        self.page.on("request", self._asked)

    def _said(self, message):
        # A browser reports the status of an error page as an error of its own.
        is_status = "Failed to load resource" in message.text and message.location["url"] == self.page.url
        if message.type in ("error", "warning") and not is_status:
            self.complaints.append(f"{message.type}: {message.text} at {message.location['url']}")

    def _asked(self, request):
        if not request.url.startswith((f"{self.origin}/", "data:")):
            self.complaints.append(f"request to elsewhere: {request.url}")

    def open(self, address, status=200):
        """Go to an address and check its status."""
        response = self.page.goto(address)
        assert response.status == status, f"{address}: {response.status}"

    def describe(self):
        """Return what the page shows, for the report of a failed test: its dialogue if one is open, else all of it."""
        try:
            dialogue = self.page.locator(".modal-dialog, [role=dialog]:visible")
            shown = (dialogue if dialogue.count() else self.page.locator("body")).first
            # The markup too: what assistive technology is not told of is not in the snapshot.
            seen = [shown.aria_snapshot(timeout=5_000), shown.evaluate("element => element.outerHTML")[:3_000]]
        except Error as error:
            seen = [f"cannot be read: {error}"]
        return "\n".join([self.page.url, *self.complaints, *seen])

    def check(self):
        """Nothing was complained of, and no cookie was set, as it must be for readers."""
        assert self.complaints == []
        assert self.context.cookies() == []
