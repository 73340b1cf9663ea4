"""Signing up, confirming, changing one's mind: what happens to a subscription, and the addresses that stand for it."""

from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.crypto import constant_time_compare

from core import addresses, letters, mail, privacy
from delivery import sites
from newsletter import suppression
from newsletter.models import Subscriber
from newsletter.models.subscribers import new_secret

CONFIRM_WITHIN = timedelta(days=7)
CONFIRM_AGAIN_AFTER = timedelta(minutes=10)
WELCOME_AGAIN_AFTER = timedelta(hours=1)

State = Subscriber.State
# One salt for each purpose: no address does what another is for.
confirmations = letters.signer("newsletter.confirm", signing.TimestampSigner)
preferences = letters.signer("newsletter.preferences")
leavings = letters.signer("newsletter.leave")


class Over(Exception):
    """A link that does nothing any more; ``str()`` is "expired", "used", "ended" or "unknown"."""


# Addresses ----------------------------------------------------------------------------------
def preferences_address(subscriber):
    """Return the full address of a subscriber's preferences, in the subscriber's language."""
    return _address(subscriber, "newsletter_preferences", preferences.sign_object([subscriber.pk, subscriber.secret]))


def leave_address(subscriber, delivery_pk=None):
    """Return the full address that ends a subscription by a POST, in the subscriber's language.

    It holds the key of the e-mail address: a link in an old mail also ends a subscription that was begun anew.

    Args:
        subscriber: whose it is.
        delivery_pk: of the ``Delivery`` with which it is sent; that is marked when it is used.
    """
    return _address(subscriber, "newsletter_leave", leavings.sign_object([subscriber.address_key, delivery_pk]))


def confirmation_address(subscriber):
    """Return the full address that confirms a subscription by a POST, once, within ``CONFIRM_WITHIN``."""
    token = confirmations.sign_object([subscriber.pk, subscriber.confirmation])
    return _address(subscriber, "newsletter_confirm", token)


def _address(subscriber, name, token):
    # A language that readers cannot reach has no addresses.
    language = subscriber.language if subscriber.language in sites.live_editions() else settings.LANGUAGE_CODE
    with translation.override(language):
        return sites.absolute(reverse(name, args=[token]))


# Signing up ---------------------------------------------------------------------------------
@transaction.atomic
def sign_up(email, **choices):
    """Note a wish to subscribe, and mail what follows from it: a confirmation, a link to the preferences, or nothing.

    Args:
        email: ``core.addresses.normal``.
        choices: fields of ``Subscriber``: language, frequency, topics, consent_text, source.
    """
    if suppression.is_suppressed(email) in suppression.LASTING:
        return
    choices |= {"email": email, "consent_version": privacy.version_of(choices["consent_text"])}
    # Of two at the same moment, the second finds what the first has made.
    subscriber, is_new = Subscriber.objects.select_for_update().get_or_create(
        address_key=addresses.key(email), defaults={"confirmation": new_secret(), **choices}
    )
    if subscriber.state == State.ACTIVE:
        _mail(subscriber, "welcome_back", WELCOME_AGAIN_AFTER, preferences_address)
        return
    if not is_new:
        for name, value in (choices | {"asked_on": timezone.now()}).items():
            setattr(subscriber, name, value)
        subscriber.save()
    _mail(subscriber, "confirmation", CONFIRM_AGAIN_AFTER, confirmation_address)


def _mail(subscriber, template, not_again_before, address):
    """Mail a subscriber a link, unless one was mailed a moment ago."""
    now = timezone.now()
    if subscriber.mailed_on and subscriber.mailed_on > now - not_again_before:
        return
    message = letters.write(
        f"newsletter/mail/{template}",
        subscriber.language,
        {"address": address(subscriber), "days": CONFIRM_WITHIN.days},
        subscriber.email,
        headers={"Auto-Submitted": "auto-generated"},
    )
    mail.queue(message, about=suppression.about(subscriber.pk))
    Subscriber.objects.filter(pk=subscriber.pk).update(mailed_on=now)


def forget_unconfirmed():
    """Delete who has not confirmed in time; return how many."""
    before = timezone.now() - CONFIRM_WITHIN
    return suppression.forget(Subscriber.objects.filter(state=State.PENDING, asked_on__lt=before))


# Following a link ---------------------------------------------------------------------------
def to_confirm(token):
    """Return the subscriber whom a token of ``confirmation_address`` would confirm.

    Raises:
        Over: it would confirm nobody.
    """
    try:
        pk, nonce = confirmations.unsign_object(token, max_age=CONFIRM_WITHIN)
    except signing.SignatureExpired:
        raise Over("expired") from None
    except signing.BadSignature:
        raise Over("unknown") from None
    subscriber = Subscriber.objects.filter(pk=pk, state=State.PENDING).first()
    if subscriber is None or not constant_time_compare(subscriber.confirmation, nonce):
        raise Over("used")
    return subscriber


@transaction.atomic
def confirm(token):
    """Make a subscription active, and use its token up; return the subscriber.

    Raises:
        Over: it confirms nobody.
    """
    subscriber = to_confirm(token)
    # Of two presses at the same moment one confirms; whoever signs up again now is told of the preferences at once.
    changes = {"state": State.ACTIVE, "confirmation": "", "confirmed_on": timezone.now(), "mailed_on": None}
    waiting = Subscriber.objects.filter(pk=subscriber.pk, state=State.PENDING)
    if not waiting.update(**changes):
        raise Over("used")
    suppression.lift(subscriber.email)
    return subscriber


def of_preferences(token):
    """Return the subscriber whom a token of ``preferences_address`` stands for.

    Raises:
        Over: it stands for nobody.
    """
    try:
        pk, secret = preferences.unsign_object(token)
    except signing.BadSignature:
        raise Over("unknown") from None
    subscriber = Subscriber.objects.filter(pk=pk, state=State.ACTIVE).first()
    if subscriber is None or not constant_time_compare(subscriber.secret, secret):
        raise Over("ended")
    return subscriber


def change(subscriber, **choices):
    """Store other choices of a subscriber, unless the subscription has ended meanwhile.

    Args:
        subscriber: whose they are.
        choices: language, frequency and topics.
    """
    Subscriber.objects.filter(pk=subscriber.pk).update(**choices)
    for name, value in choices.items():
        setattr(subscriber, name, value)


def is_to_leave(token):
    """Return whether a token is one of ``leave_address``, whether or not its subscription still lasts."""
    return _to_leave(token) is not None


def _to_leave(token):
    try:
        return leavings.unsign_object(token)
    except signing.BadSignature:
        return None


@transaction.atomic
def leave(token):
    """End the subscription that a token of ``leave_address`` stands for; one that is over already stays so.

    Returns:
        False for a token that is none of ours.
    """
    found = _to_leave(token)
    if found is None:
        return False
    key, delivery_pk = found
    subscriber = Subscriber.objects.select_for_update().filter(address_key=key).first()
    if subscriber:
        suppression.suppress(subscriber, suppression.Reason.UNSUBSCRIBED, delivery_pk)
    return True
