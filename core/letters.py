"""Mails that Portal writes: in one language, as plain text and HTML, from the organisation."""

from email.utils import formataddr, make_msgid
from urllib.parse import urlsplit

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation

from core import tokens
from core.models.furniture import furniture_for


def new_message_id():
    """Return a Message-ID of this site."""
    return make_msgid(domain=urlsplit(settings.PUBLIC_URL).hostname)


def frame(language):
    """Return what every mail knows: language, direction, organisation, the site's address and its colours."""
    info = translation.get_language_info(language)
    words = furniture_for(language).words
    return {
        "language": language,
        "direction": "rtl" if info["bidi"] else "ltr",
        "organisation": words.organisation_name,
        "site_url": settings.PUBLIC_URL,
        "colours": tokens.colours(),
    }


def sender(language, address=None):
    """Return the From line: the organisation's name in a language, and an address of ours."""
    return formataddr((furniture_for(language).words.organisation_name, address or settings.MAIL_ADDRESS))


def signer(salt, kind=signing.Signer):
    """Return a signer for addresses that stand in mails: they work as long as the mails are kept.

    Its key is ``ADDRESS_KEY``, so that ``SECRET_KEY`` can change; what that one has signed is known too.

    Args:
        salt: one for each purpose.
        kind: the class of the signer.
    """
    return kind(key=settings.ADDRESS_KEY, salt=salt, fallback_keys=[settings.SECRET_KEY])


def write(template, language, context, to, *, subject=None, reply_to=(), headers=None):
    """Return a mail made of ``<template>.txt``, ``<template>.html`` and, for the subject, ``<template>_subject.txt``.

    Args:
        template: path of the templates without their endings.
        language: the language code it is written in.
        context: for the templates, beside ``frame``.
        to: one address, or a list.
        subject: instead of the subject's template.
        reply_to: addresses that answers go to.
        headers: further headers; a Message-ID is made unless it is among them.

    Its envelope has ``MAIL_BOUNCES`` as the sender, where reports go; people read the organisation's name.

    Returns:
        Django's ``EmailMultiAlternatives``, neither sent nor queued (``core.mail.queue``).
    """
    with translation.override(language):
        context = frame(language) | context
        subject = render_to_string(f"{template}_subject.txt", context) if subject is None else subject
        message = EmailMultiAlternatives(
            " ".join(subject.split()),
            render_to_string(f"{template}.txt", context).strip() + "\n",
            settings.MAIL_BOUNCES,
            [to] if isinstance(to, str) else to,
            reply_to=reply_to,
            headers={"From": sender(language), "Message-ID": new_message_id(), "Content-Language": language}
            | (headers or {}),
        )
        message.attach_alternative(render_to_string(f"{template}.html", context), "text/html")
    return message
