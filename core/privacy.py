"""What is stored about people: every room that keeps something says how it is shown, erased and let go.

A room registers a ``Holder`` in ``AppConfig.ready()``; the admin's page, ``manage.py personal_data`` and the daily
retention ask all of them.
"""

from collections.abc import Callable
from dataclasses import dataclass

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
