"""How the public API answers: in JSON, to everybody, and clearly where a question cannot be answered."""

from http import HTTPStatus

from django.db.models import QuerySet
from rest_framework.exceptions import NotFound
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response
from rest_framework.views import APIView
from wagtail.api.v2.pagination import WagtailPagination
from wagtail.api.v2.utils import BadRequestError

from delivery.page_cache import for_everybody

DEFAULT_LIMIT = 20
MAX_LIMIT = 50
MAX_OFFSET = 10_000
MAX_ID = 10**18
HEADERS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag",
}
PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
    "Access-Control-Allow-Headers": "*",
    "Access-Control-Max-Age": "86400",
}


def whole_number(query, name, default=None, top=MAX_ID):
    """Return a number of the query string.

    Args:
        query: the request's parameters.
        name: of the parameter.
        default: what an absent one means, or None where there must be one.
        top: the highest number allowed.

    Raises:
        BadRequestError: which becomes an answer of status 400.
    """
    text = query.get(name)
    if text is None and default is not None:
        return default
    if not text or not text.isascii() or not text.isdigit():
        raise BadRequestError(f"{name} must be a whole number")
    # Python refuses to read a number of thousands of digits.
    if len(text) > len(str(top)) or int(text) > top:
        raise BadRequestError(f"{name} cannot be higher than {top}")
    return int(text)


class Paging(WagtailPagination):
    """Limit and offset, both capped: a database counts through everything before an offset."""

    def paginate_queryset(self, found, request, view=None):
        """Return the rows to show.

        Args:
            found: a queryset, or a list of ids.
            request: the reader's request.
            view: the endpoint.
        """
        limit = whole_number(request.GET, "limit", DEFAULT_LIMIT, MAX_LIMIT)
        offset = whole_number(request.GET, "offset", 0, MAX_OFFSET)
        if isinstance(found, QuerySet):
            self.total_count = found.count()
            # Sorting whole rows, bodies and all, up to a deep offset takes seconds; sorting their ids does not.
            ids = [row.pk for row in found.only("pk")[offset : offset + limit]]
        else:
            self.total_count = len(found)
            ids = found[offset : offset + limit]
        rows = view.get_queryset().in_bulk(ids)
        return [rows[pk] for pk in ids if pk in rows]


class OnlyJSON(BaseContentNegotiation):
    """JSON, whatever is asked for."""

    def select_parser(self, request, parsers):
        return None

    def select_renderer(self, request, renderers, format_suffix=None):
        return renderers[0], renderers[0].media_type


class Open:
    """For everybody, without knowing anybody, from any site; in JSON, mistakes too."""

    renderer_classes = [JSONRenderer]
    content_negotiation_class = OnlyJSON
    authentication_classes = []
    permission_classes = []
    throttle_classes = []

    def options(self, request, *args, **kwargs):
        """Say to a browser that any site may ask."""
        return Response(status=HTTPStatus.NO_CONTENT, headers=PREFLIGHT)

    def handle_exception(self, exc):
        response = super().handle_exception(exc)
        if "detail" in response.data:
            response.data = {"message": response.data["detail"]}
        return response

    def dispatch(self, request, *args, **kwargs):
        """Answer, for everybody."""
        response = super().dispatch(request, *args, **kwargs).render()
        for name, value in HEADERS.items():
            response.headers[name] = value
        return for_everybody(response)


class Nowhere(Open, APIView):
    """Any address without an answer."""

    def get(self, request):
        raise NotFound("There is nothing at this address.")
