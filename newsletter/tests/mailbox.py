"""What a reader does with a mail: open the newest one, find its link, follow it."""

import re
from urllib.parse import urlsplit

from django.core import mail

LINK = re.compile(r"https?://\S+/newsletter/\S+")


def newest():
    """Return the newest mail that was sent."""
    return mail.outbox[-1]


def link(message=None):
    """Return the path of the newsletter's link in the text of a mail, of the newest one unless another is given."""
    return urlsplit(LINK.search((message or newest()).body)[0]).path
