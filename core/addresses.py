"""E-mail addresses: one spelling of each, a key that does not tell it, and what looks like another one."""

import hashlib
import hmac
import unicodedata
from contextlib import suppress

from django.conf import settings


def normal(address):
    """Return an address in the spelling under which it is stored: the domain small and in ASCII.

    Args:
        address: an address that a form has found valid.
    """
    local, _at, domain = unicodedata.normalize("NFC", address.strip()).rpartition("@")
    # What IDNA does not know is left as it is; the form has let it pass.
    with suppress(UnicodeError):
        domain = domain.encode("idna").decode("ascii")
    return f"{local}@{domain.lower()}"


def key(address):
    """Return the keyed hash by which an address is known after it was erased: 64 letters of hexadecimal.

    Capital letters make no difference: hardly any server tells them apart.
    """
    return keyed("address", normal(address).casefold())


def keyed(purpose, text):
    """Return a hash of a text that nobody can make or look up without the site's ``ADDRESS_KEY``."""
    return hmac.new(settings.ADDRESS_KEY.encode(), f"{purpose}:{text}".encode(), hashlib.sha256).hexdigest()


def is_mixed(address):
    """Return whether a part of the address mixes alphabets, as one does that is made to look like another."""
    domain = address.rpartition("@")[2]
    # Not in ASCII, or no IDNA: it is looked at as it stands.
    with suppress(UnicodeError):
        domain = domain.encode("ascii").decode("idna")
    return any(len({_alphabet(letter) for letter in part if letter.isalpha()}) > 1 for part in domain.split("."))


def _alphabet(letter):
    return unicodedata.name(letter, "").split(" ")[0]
