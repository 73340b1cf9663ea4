"""Signs that a form was filled in by a machine. None refuses anybody: what has too many is held for a person."""

import re
from dataclasses import dataclass

from django.core import signing
from django.utils.translation import gettext_lazy as _

# What has this many points is held.
HELD_FROM = 5
FASTEST_SECONDS = 3
# A page may stay open over night.
LONGEST_SECONDS = 86_400
MANY_LINKS = 3
LINK = re.compile(r"https?://|\bwww\.", re.IGNORECASE)
MARKUP = re.compile(r"<a\s[^>]{0,200}href|\[(?:url|link)\b", re.IGNORECASE)
signer = signing.TimestampSigner(salt="core.spam.opened")


@dataclass(frozen=True)
class Sign:
    """One thing that speaks for a machine.

    Attributes:
        name: under which it is stored.
        points: how much it counts; ``HELD_FROM`` points are enough.
        label: how it is said to a person.
    """

    name: str
    points: int
    label: str


SIGNS = {
    sign.name: sign
    for sign in (
        Sign("decoy", 10, _("A field that people do not see was filled in.")),
        Sign("hasty", 4, _("The form was sent within three seconds.")),
        Sign("untimed", 1, _("The browser did not say when the form was begun.")),
        Sign("links", 3, _("The message has many links.")),
        Sign("markup", 4, _("The message has links in the markup of other systems.")),
        # Not enough alone: who corrects the address sends the words again, and many send a letter that is handed round.
        Sign("repeated", 4, _("The same words came from other addresses.")),
        Sign("many", 5, _("Many messages came from the same network.")),
        Sign("lookalike", 4, _("The address mixes alphabets, so that it looks like another one.")),
    )
}


def opened_now():
    """Return a signed time for a form that is being begun."""
    return signer.sign("opened")


def of_the_form(posted):
    """Return the names of the signs in how a form was filled in.

    Args:
        posted: ``request.POST``; ``website`` is the decoy, ``opened`` the signed time.
    """
    found = ["decoy"] if posted.get("website") else []
    token = posted.get("opened", "")
    try:
        signer.unsign(token, max_age=LONGEST_SECONDS)
    except signing.BadSignature:
        return [*found, "untimed"]
    try:
        signer.unsign(token, max_age=FASTEST_SECONDS)
    except signing.SignatureExpired:
        return found
    return [*found, "hasty"]


def of_the_words(text):
    """Return the names of the signs in what was written."""
    found = ["links"] if len(LINK.findall(text)) >= MANY_LINKS else []
    return [*found, "markup"] if MARKUP.search(text) else found


def score(names):
    """Return the points of some signs together."""
    return sum(SIGNS[name].points for name in names if name in SIGNS)
