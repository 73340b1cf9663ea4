"""Two people have the same form open: nobody writes over what they have not seen (``core.upstream``)."""

import hashlib
import json

from django.utils.translation import gettext_lazy as _
from modelcluster.models import get_all_child_relations

CROSSED = _(
    "This was changed after you opened it here, so nothing was saved. Look at it as it is now; "
    "then save again to put what stands here in its place."
)


def version_of(row, *shown):
    """Return a fingerprint of what somebody is shown of a row and of the rows inside it.

    Args:
        row: a model's instance, as the database has it.
        shown: its values, such as the ``initial`` of a form.
    """
    names = [relation.get_accessor_name() for relation in get_all_child_relations(type(row))]
    inside = [list(getattr(row, name).values()) for name in names]
    told = json.dumps([inside, *shown], default=lambda value: getattr(value, "pk", None) or str(value))
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def is_older(request, version):
    """Return whether what was sent stood on a page that showed another version; its address says which."""
    return request.GET.get("version", version) != version
