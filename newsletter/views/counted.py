"""Links and the picture of an issue, where they are counted."""

import base64

from django.core import signing
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from newsletter import counting

# A picture of one transparent point.
POINT = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")


@never_cache
@require_safe
def follow(request, token):
    """Lead to the page that a link of an issue is for."""
    return HttpResponseRedirect(_counted(request, token))


@never_cache
@require_safe
def seen(request, token):
    """Give the picture of one point."""
    _counted(request, token)
    return HttpResponse(POINT, content_type="image/gif")


def _counted(request, token):
    try:
        # Who only asks whether it is there has not opened it.
        return counting.count(token) if request.method == "GET" else counting.signer.unsign_object(token)[1]
    except signing.BadSignature:
        raise Http404("No such link") from None
