"""What is stored about people: every room that keeps something says how it is shown, erased and let go.

A room registers a ``Holder`` in ``AppConfig.ready()``; the admin's page, ``manage.py personal_data`` and the daily
retention ask all of them.
"""

import hashlib
import json
import logging
import re
import unicodedata
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction

from core import addresses

logger = logging.getLogger("portal.privacy")
VERSION_LETTERS = 12
_holders = []


@dataclass(frozen=True)
class Holder:
    """One kind of record about people.

    Attributes:
        name: what it is called, translated when it is shown.
        export: a function from an address (``core.addresses.normal``) to a list of plain dicts, all that is stored
            about it.
        erase: a function from an address to the number of things that were erased or made nobody's.
        expire: a function without arguments that erases what is older than its period, and returns how many.
    """

    name: str
    export: Callable
    erase: Callable
    expire: Callable


def register(holder):
    _holders.append(holder)


def holders():
    return tuple(_holders)


# Asking all of them -------------------------------------------------------------------------
def export_all(address):
    """Return all that is stored about an address in any spelling, as {name of the holder: list of dicts}."""
    address = addresses.normal(address)
    return {str(holder.name): holder.export(address) for holder in holders()}


@transaction.atomic
def erase_all(address):
    """Erase all that is stored about an address in any spelling, or nothing if that fails.

    Returns:
        {name of the holder: how many things were erased or made nobody's}.
    """
    address = addresses.normal(address)
    erased = {str(holder.name): holder.erase(address) for holder in holders()}
    logger.info("What was stored about an address was erased: %d things", sum(erased.values()))
    return erased


def expire_all():
    """Erase what is older than its period, as {name of the holder: how many things}."""
    return {str(holder.name): holder.expire() for holder in holders()}


def in_json(found):
    """Return what ``export_all`` found as a text in JSON."""
    return json.dumps(found, indent=2, ensure_ascii=False, cls=DjangoJSONEncoder)


def version_of(text):
    """Return the version of a text that people agree to: the beginning of its SHA-256; empty for no text."""
    return hashlib.sha256(text.encode()).hexdigest()[:VERSION_LETTERS] if text else ""


# For holders --------------------------------------------------------------------------------
def fields_of(row, leave_out=()):
    """Return the columns of a row as {name: plain value}, without bytes and without what is named.

    Args:
        row: an instance of a model.
        leave_out: names of fields that say nothing about the person, such as secrets.
    """
    fields = [field for field in row._meta.concrete_fields if field.name not in leave_out]
    return {field.name: field.value_from_object(row) for field in fields if not isinstance(field, models.BinaryField)}


class Mentions:
    """Finds an address in texts, however it is spelled there.

    Args:
        address: ``core.addresses.normal``.
    """

    def __init__(self, address):
        local, _at, domain = addresses.normal(address).rpartition("@")
        domains = {domain}
        with suppress(UnicodeError):
            domains.add(domain.encode("ascii").decode("idna"))
        either = "|".join(re.escape(one) for one in sorted(domains))
        # Escapes of a text that was quoted as a program writes it, or of an address of the web, may come before.
        before = r"(?:(?<![\w.+-])|(?<=\\[nrt])|(?<=%[0-9A-Fa-f]{2}))"
        self.pattern = re.compile(rf"{before}{re.escape(local)}(?:@|%40)(?:{either})(?![\w-]|\.\w)", re.IGNORECASE)

    def are_in(self, value):
        """Return whether the address stands in a text, or in any text of a value made of JSON's types."""
        if isinstance(value, str):
            return bool(self.pattern.search(unicodedata.normalize("NFC", value)))
        if isinstance(value, dict):
            return any(self.are_in(one) for pair in value.items() for one in pair)
        return isinstance(value, list | tuple) and any(self.are_in(one) for one in value)

    def removed_from(self, value):
        """Return a text, or a value made of JSON's types, without the address."""
        if isinstance(value, str):
            return self.pattern.sub("…", unicodedata.normalize("NFC", value))
        if isinstance(value, dict):
            return {name: self.removed_from(one) for name, one in value.items()}
        return [self.removed_from(one) for one in value] if isinstance(value, list | tuple) else value
