"""Every block of a body, filled in as an editor does, with the words that a reader must find afterwards."""

from tests.browser.admin import add_block, add_item, choose, field, unfold, upload, write

READ = (
    "One plan for four nations",
    "We welcome the plan.",
    "In short",
    "Name a place for academic trials",
    "Publish the timetable",
    "Lighter for the person who follows it.",
    "Chair of the group",
    "Questions we are asked",
    "Who may take part?",
    "From the annual report.",
    "Boats at first light",
    "Jo Penn",
    "Two views",
    "The first view",
    "The second view",
    "How a trial runs",
    "Full response",
    "Units by nation",
    "Scotland",
    "Wales",
    "61",
    "registered units",
    "Source: Directory of units",
    "Comments close soon.",
    "Read the plan here",
    "Read more",
    "The plan itself",
    "Directory elsewhere",
)
# What a reader finds after opening a question or a transcript.
FOLDED = ("Every registered unit.", "Four islands, joined by paths.")


def fill_body(page, picture):
    """Add all fourteen blocks to an open edit form.

    Args:
        page: the edit form, in a site that has the images Harbour and Hills, the document Full response
            and the page The plan itself.
        picture: an image file to upload, as Playwright takes it.
    """
    for fill in (_heading, _paragraph, _key_points, _quote, _questions, _image_blocks(picture), _gallery, _media):
        fill(page)
    for fill in (_document, _table, _statistic, _call_to_action, _link_list, _footnotes):
        fill(page)


def _heading(page):
    block = add_block(page, "Heading")
    field(page, f"{block}-text").fill("One plan for four nations")


def _paragraph(page):
    write(page, add_block(page, "Text"), "We welcome the plan. [1]")


def _key_points(page):
    block = add_block(page, "Key points")
    field(page, f"{block}-title").fill("In short")
    field(page, f"{block}-points-0-value").fill("Name a place for academic trials")
    field(page, add_item(page, f"{block}-points")).fill("Publish the timetable")


def _quote(page):
    block = add_block(page, "Quotation")
    field(page, f"{block}-text").fill("Lighter for the person who follows it.")
    field(page, f"{block}-attribution").fill("Chair of the group")


def _questions(page):
    block = add_block(page, "Questions and answers")
    field(page, f"{block}-title").fill("Questions we are asked")
    field(page, f"{block}-items-0-value-question").fill("Who may take part?")
    write(page, f"{block}-items-0-value-answer", "Every registered unit.")


def _image_blocks(picture):
    def fill(page):
        block = add_block(page, "Image")
        upload(page, f"{block}-image", picture)
        field(page, f"{block}-alt_text").fill("Boats in a harbour")
        field(page, f"{block}-caption").fill("Boats at first light")
        field(page, f"{block}-credit").fill("Jo Penn")

    return fill


def _gallery(page):
    block = add_block(page, "Gallery")
    field(page, f"{block}-title").fill("Two views")
    for title, caption in (("Harbour", "The first view"), ("Hills", "The second view")):
        item = f"{block}-images-0-value" if title == "Harbour" else add_item(page, f"{block}-images")
        choose(page, f"{item}-image", title)
        field(page, f"{item}-decorative").check()
        field(page, f"{item}-caption").fill(caption)


def _media(page):
    block = add_block(page, "Video or audio")
    field(page, f"{block}-title").fill("How a trial runs")
    field(page, f"{block}-url").fill("https://vimeo.com/100000001")
    choose(page, f"{block}-poster", "Hills")
    write(page, f"{block}-transcript", "Four islands, joined by paths.")


def _document(page):
    choose(page, f"{add_block(page, 'Document')}-document", "Full response")


def _table(page):
    block = add_block(page, "Table")
    table = page.locator(".typed-table-block").last
    for number, (kind, heading) in enumerate((("Words", "Nation"), ("Number", "Units"))):
        append = table.get_by_role("button", name="Add column")
        unfold(append, append.locator("xpath=..").get_by_role("button", name=kind, exact=True)).click()
        field(page, f"{block}-table-column-{number}-heading").fill(heading)
    # The first column brings the first row.
    table.get_by_role("button", name="Add row").click()
    field(page, f"{block}-table-caption").fill("Units by nation")
    for row, cells in enumerate((("Scotland", "9"), ("Wales", "6"))):
        for column, value in enumerate(cells):
            field(page, f"{block}-table-cell-{row}-{column}").fill(value)


def _statistic(page):
    block = add_block(page, "Statistic")
    field(page, f"{block}-value").fill("61")
    field(page, f"{block}-label").fill("registered units")
    field(page, f"{block}-source").fill("Directory of units")


def _call_to_action(page):
    block = add_block(page, "Call to action")
    field(page, f"{block}-text").fill("Comments close soon.")
    choose(page, f"{block}-page", "The plan itself")
    field(page, f"{block}-label").fill("Read the plan here")


def _link_list(page):
    block = add_block(page, "List of links")
    field(page, f"{block}-title").fill("Read more")
    choose(page, f"{block}-links-0-value-page", "The plan itself")
    second = add_item(page, f"{block}-links")
    field(page, f"{second}-url").fill("https://units.example/")
    field(page, f"{second}-label").fill("Directory elsewhere")


def _footnotes(page):
    write(page, f"{add_block(page, 'Footnotes')}-notes-0-value", "From the annual report.")
