"""What speaks for spam in an enquiry: in the form, in the words, and in what came before it."""

from datetime import timedelta

from django.utils import timezone

from contact.models import Enquiry
from core import addresses, spam
from delivery.limits import client_address

MOST_AN_HOUR = 60
MANY_AN_HOUR = 10
# Short words such as "Please call me" are written by many.
SHORTEST_REPEATED = 30
DOUBLED_WITHIN = timedelta(hours=1)
REPEATED_WITHIN = timedelta(days=1)


def client_of(request):
    """Return the keyed hash of the sender's network, another one each day."""
    return addresses.keyed("client", f"{client_address(request)} {timezone.localdate()}")


def words_key(message, answers):
    """Return the keyed hash of what was written, in which spaces and capital letters make no difference."""
    words = [message, *(answer["value"] for answer in answers)]
    return addresses.keyed("words", "\n".join(" ".join(text.casefold().split()) for text in words))


def doubled(enquiry):
    """Return the enquiry of the same words from the same address to the same department within the hour, or None."""
    since = timezone.now() - DOUBLED_WITHIN
    same = Enquiry.objects.filter(address_key=enquiry.address_key, words_key=enquiry.words_key)
    return same.filter(department=enquiry.department, received_on__gt=since).order_by("received_on").first()


def sent_this_hour(client):
    """Return how many enquiries came from a network within the hour."""
    since = timezone.now() - timedelta(hours=1)
    return Enquiry.objects.filter(client=client, received_on__gt=since).count()


def signs(enquiry, posted):
    """Return the names of the signs of spam (``core.spam.SIGNS``) in an enquiry that is not stored yet.

    Args:
        enquiry: the ``Enquiry``.
        posted: ``request.POST``.
    """
    found = [*spam.of_the_form(posted), *spam.of_the_words(enquiry.message)]
    if _is_repeated(enquiry):
        found.append("repeated")
    if sent_this_hour(enquiry.client) >= MANY_AN_HOUR:
        found.append("many")
    if addresses.is_mixed(enquiry.email):
        found.append("lookalike")
    return found


def _is_repeated(enquiry):
    if len(enquiry.message) < SHORTEST_REPEATED:
        return False
    since = timezone.now() - REPEATED_WITHIN
    same = Enquiry.objects.filter(words_key=enquiry.words_key, received_on__gt=since)
    return same.exclude(address_key=enquiry.address_key).exists()
