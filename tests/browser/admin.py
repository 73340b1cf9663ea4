"""What people do in the admin, as functions on a Playwright page."""

import re

from playwright.sync_api import TimeoutError as NotInTime
from playwright.sync_api import expect

PASSWORD = "seven small otters"
FOUND = re.compile(r"There (is|are) \w+ match")


def sign_in(page, name):
    page.goto("/admin/login/")
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/admin/")


def field(page, name):
    return page.locator(f"[name='{name}']")


def write(page, name, text):
    """Type into the rich-text editor that belongs to a field."""
    editor = field(page, name).locator("xpath=..").locator("[contenteditable=true]")
    editor.click()
    page.keyboard.type(text)


def open_chooser(page, name):
    """Open the dialogue of a chooser and return it."""
    page.wait_for_load_state()
    button = field(page, name).locator("xpath=..").locator(".unchosen [data-chooser-action-choose]")
    # It is there, though still empty, as soon as the press has arrived.
    return unfold(button, page.locator(".modal-dialog"), "attached")


def unfold(button, opened, state="visible"):
    """Press a button, and return what that opens."""
    button.click()
    try:
        opened.wait_for(state=state, timeout=5_000)
    except NotInTime:
        # Of some hundred presses on a busy machine one is lost; a person presses again.
        if opened.count() == 0:
            button.click()
    return opened


def choose(page, name, title):
    """Find an image, document, page or snippet by its title in the dialogue of a chooser, and take it."""
    dialogue = open_chooser(page, name)
    dialogue.get_by_role("textbox", name="Search term").fill(title)
    # What is found takes the place of the first list: a press in that moment meets neither.
    dialogue.get_by_text(FOUND).wait_for()
    dialogue.get_by_role("link", name=title).first.click()
    dialogue.wait_for(state="detached")
    expect(field(page, name)).not_to_have_value("")


def upload(page, name, file):
    """Upload a file in the dialogue of a chooser.

    Args:
        file: what Playwright takes: {"name", "mimeType", "buffer"}.
    """
    dialogue = open_chooser(page, name)
    dialogue.get_by_role("tab", name="Upload").click()
    form = dialogue.locator("#tab-upload")
    form.locator("input[type=file]").set_input_files(file)
    # The title comes from the name of the file.
    expect(form.get_by_label("Title")).not_to_have_value("")
    form.get_by_role("button", name="Upload").click()
    dialogue.wait_for(state="detached")


def add_block(page, kind):
    """Insert a block at the end of the body by the block picker, and return the prefix of its fields' names."""
    number = field(page, "body-count").input_value()
    page.locator("#body-root > [data-streamfield-stream-container] > div > .c-sf-add-button").last.click()
    page.get_by_role("option", name=kind, exact=True).click()
    return f"body-{number}-value"


def add_item(page, prefix):
    """Add an item at the end of a list inside a block, and return the prefix of its fields' names."""
    number = field(page, f"{prefix}-count").input_value()
    field(page, f"{prefix}-count").locator("xpath=..").get_by_title("Add", exact=True).last.click()
    return f"{prefix}-{number}-value"


def add_inline(page, label, relation, name, title):
    """Add a related object on the open tab, such as a topic, and choose what it points to."""
    number = field(page, f"{relation}-TOTAL_FORMS").input_value()
    page.get_by_role("button", name=f"Add {label}").click()
    choose(page, f"{relation}-{number}-{name}", title)


def open_tab(page, name):
    page.wait_for_load_state()
    page.get_by_role("tab", name=name).click()


def press(page, name):
    """Press a button that is answered with a page, and wait for that."""
    # What is pressed sooner may find no script yet, and the load that is waited for would be this page's own.
    page.wait_for_load_state()
    again = page.locator("#w-save-confirmation-dialog").get_by_role("button", name=name, exact=True)
    # A navigation is not enough to wait for: saving by itself changes the address without leaving the page.
    with page.expect_event("load"):
        page.get_by_role("button", name=name, exact=True).click()
        if again.is_visible():
            # Wagtail was still saving by itself when the page before was sent, and asks whether that may go.
            again.click()


def save(page, action=None):
    """Press the main button of an edit form, or another action by its words, and wait for the answer."""
    if action:
        page.wait_for_load_state()
        page.get_by_role("button", name="More actions").click()
    press(page, action or "Save draft")
    expect(page.locator(".messages")).not_to_contain_text("error")


def preview(page):
    """Open the preview beside an edit form and return its frame."""
    page.get_by_role("button", name="Toggle preview").click()
    frame = page.frame_locator("#w-preview-iframe")
    try:
        frame.locator("main").wait_for(timeout=15_000)
    except NotInTime:
        # On a busy machine Wagtail sometimes sends the form for it before all of its fields are ready, and waits for
        # a change. The panel stays open.
        page.reload()
    return frame


def translate(page, source, words, button="Translate"):
    """Translate one text in the translation editor, or change a value that is taken over ("Edit")."""
    text = page.locator("li").filter(has=page.locator("p", has_text=source)).first
    text.get_by_role("button", name=button).click()
    page.locator("li textarea:visible").fill(words)
    with page.expect_response(lambda response: response.request.method == "PUT") as saved:
        page.get_by_role("button", name="Save", exact=True).click()
    assert saved.value.ok


def schedule(page, go_live="", expire=""):
    """Set the schedule of an open edit form.

    Args:
        go_live, expire: times as the form shows them, such as 2099-07-01 09:30.
    """
    page.wait_for_load_state()
    page.get_by_role("button", name="Toggle status").click()
    page.get_by_role("button", name="Set schedule").click()
    dialogue = page.get_by_role("dialog").filter(has_text="Set publishing schedule")
    calendar = page.locator(".xdsoft_datetimepicker:visible")
    for label, moment in (("Go live date/time", go_live), ("Expiry date/time", expire)):
        dialogue.get_by_label(label).fill(moment)
        # The calendar comes a little later, and goes when something else is pressed.
        calendar.wait_for()
        dialogue.get_by_role("heading", name="Set publishing schedule").click()
        expect(calendar).to_have_count(0)
    with page.expect_event("load"):
        dialogue.get_by_role("button", name="Save schedule").click()
