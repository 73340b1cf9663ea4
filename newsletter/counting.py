"""How often an issue was opened and its links followed, by whomever; only where ``NEWSLETTER_COUNTS`` is on.

An address names the issue and where it leads, nobody's copy of it, and is signed: it leads nowhere else.
"""

from django.conf import settings
from django.db.models import F
from django.urls import reverse
from django.utils import translation

from core import letters
from delivery import sites
from newsletter.models import Issue, IssueCount

# Without the time: in a letter, the second of its making would tell few readers from the others.
signer = letters.signer("newsletter.counting")


def link(issue, address):
    """Return the address that an issue's mail links to for a page: its own, or one that counts and leads there."""
    return _address("newsletter_go", issue, address) if settings.NEWSLETTER_COUNTS else address


def opening(issue):
    """Return the address of the picture that counts openings, or None where nothing is counted."""
    return _address("newsletter_seen", issue, "") if settings.NEWSLETTER_COUNTS else None


def _address(name, issue, link_address):
    with translation.override(settings.LANGUAGE_CODE):
        return sites.absolute(reverse(name, args=[signer.sign_object([issue.pk, link_address])]))


def count(token):
    """Count what a token stands for, while that is on; return the address that it leads to, "" for an opening.

    Raises:
        django.core.signing.BadSignature: it is none of ours.
    """
    pk, address = signer.unsign_object(token)
    if settings.NEWSLETTER_COUNTS and Issue.objects.filter(pk=pk).exists():
        row, _is_new = IssueCount.objects.get_or_create(issue_id=pk, link=address[:500])
        IssueCount.objects.filter(pk=row.pk).update(number=F("number") + 1)
    return address


def counts(issue):
    """Return (openings, [(address, times followed)]), the most followed first."""
    rows = dict(issue.counts.order_by("-number", "link").values_list("link", "number"))
    return rows.pop("", 0), list(rows.items())
