"""What is tested of the site's accessibility, in the words of the accessibility statement.

A sentence may stand here only while a test proves it: ``home/tests/test_accessibility_page.py`` names that test.
"""

from django.utils.translation import gettext_lazy as _

CHECKS = {
    "rules": _(
        "Every kind of page, in each of its states, is free of what the tool axe-core finds by the rules of WCAG "
        "and by its own best practices: on screens of 320 and of 1280 pixels, in light and in dark colours."
    ),
    "keyboard": _("Everything can be reached and used with the keyboard alone, and it can be seen where you are."),
    "enlarged": _("Text can be enlarged to 200 per cent, and nothing is cut off or covered by something else."),
    "contrast": _("Pages keep what they say in the high-contrast colours of your device."),
    "direction": _("Languages that are written from right to left have the same pages, mirrored."),
    "structure": _("Every page names its language, and has a title and one main heading."),
    "languages": _("Links that lead into another language say so."),
    "scripts": _("With scripts (JavaScript) turned off, pages can be read and searched, and you can write to us."),
    "paper": _("Printed pages are black on white, with the addresses of their links."),
    "markup": _("The HTML has no error that the Nu validator of the W3C finds."),
    "lighthouse": _("The tool Lighthouse gives every kind of page 100 of 100 points for accessibility."),
}
