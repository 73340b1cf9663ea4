"""What must be the same whoever answers: the body and these headers."""

import hashlib
import re

HEADERS = (
    "cache-control",
    "content-language",
    "content-security-policy",
    "content-type",
    "location",
    "no-vary-search",
)


# The one thing that differs from answer to answer, on the form for a page's password, which nobody may keep.
TOKEN = re.compile(rb'(name="csrfmiddlewaretoken" value=")[^"]+')


def body_digest(body):
    """Return a digest of a body."""
    return hashlib.sha256(TOKEN.sub(rb"\1", body)).hexdigest()[:16]


def head_digest(headers):
    """Return a digest of the headers that count, given as (name, value)."""
    kept = sorted((name.lower(), value) for name, value in headers if name.lower() in HEADERS)
    return hashlib.sha256(repr(kept).encode()).hexdigest()[:16]
