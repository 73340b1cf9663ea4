"""What is looked for, in a form that both databases are told in their own words."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Phrase:
    """Tokens that follow one another."""

    tokens: tuple


@dataclass(frozen=True)
class Any:
    """At least one of several parts."""

    parts: tuple


@dataclass(frozen=True)
class All:
    """Every one of several parts."""

    parts: tuple


@dataclass(frozen=True)
class Without:
    """A part, but nothing that another one finds."""

    wanted: object
    unwanted: object


def any_of(parts):
    """Return the part that finds what any of some parts finds, or None if there are none; None finds nothing."""
    return _joined(Any, [part for part in parts if part is not None])


def all_of(parts):
    """Return the part that finds what all of some parts find, or None if one of them finds nothing."""
    parts = list(parts)
    return None if None in parts else _joined(All, parts)


def _joined(kind, parts):
    parts = tuple(dict.fromkeys(parts))
    return (parts[0] if len(parts) == 1 else kind(parts)) if parts else None


def without(wanted, unwanted):
    """Return the part that finds what one finds and another does not; either may be None."""
    return wanted if wanted is None or unwanted is None else Without(wanted, unwanted)


def tokens(part):
    """Return all different tokens that count for an expression, in order."""
    if isinstance(part, Phrase):
        return list(dict.fromkeys(part.tokens))
    if isinstance(part, Without):
        return tokens(part.wanted)
    return list(dict.fromkeys(token for inner in part.parts for token in tokens(inner)))
