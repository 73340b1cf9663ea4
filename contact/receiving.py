"""An enquiry arrives: it is stored together with the mails that it causes, or it is one that we have."""

from django.db import transaction
from wagtail.models import Locale

from contact import judging, mailing
from contact.forms import departments_of
from contact.models import ContactPage, Enquiry
from core import addresses, privacy, spam


class TooMany(Exception):
    """More came from one network within the hour than anybody writes."""


@transaction.atomic
def receive(form, posted, language, source, client):
    """Store an enquiry with its mails; what looks like spam is held, and mails nobody.

    Args:
        form: a valid ``EnquiryForm``.
        posted: ``request.POST``.
        language: the language code that the form was in.
        source: the page that it stood on, or None.
        client: what ``judging.client_of`` returned.

    Returns:
        the ``Enquiry``; of words that the same address sent within the hour to the same department, the first one,
        under the name that was given last.

    Raises:
        TooMany: nothing was stored.
    """
    # One at a time in a language: the second press of a button waits here for the first.
    list(Locale.objects.select_for_update(no_key=True).filter(language_code=language))
    enquiry = _made(form, language, source, client)
    known = judging.doubled(enquiry)
    if known:
        known.name = enquiry.name or known.name
        known.save(update_fields=["name"])
        return known
    if judging.sent_this_hour(client) >= judging.MOST_AN_HOUR:
        raise TooMany
    enquiry.signs = judging.signs(enquiry, posted)
    is_held = spam.score(enquiry.signs) >= spam.HELD_FROM
    enquiry.state = Enquiry.State.SPAM if is_held else Enquiry.State.NEW
    enquiry.save()
    if not is_held:
        mailing.acknowledge(enquiry)
        mailing.notify(enquiry)
    return enquiry


def _made(form, language, source, client):
    data, answers = form.cleaned_data, form.answers()
    return Enquiry(
        name=data["name"],
        email=data["email"],
        address_key=addresses.key(data["email"]),
        message=data["message"],
        answers=answers,
        department=form.department() or _first_department(language),
        language=language,
        page=source,
        consent_text=form.consent_text,
        consent_version=privacy.version_of(form.consent_text),
        client=client,
        words_key=judging.words_key(data["message"], answers),
    )


def _first_department(language):
    page = ContactPage.answering(language)
    return next((department for department, _name in departments_of(page).values()), None) if page else None
