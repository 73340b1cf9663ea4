"""The lists of pages, images and documents of the public API, and how they are narrowed and sorted."""

from django.conf import settings
from django.shortcuts import get_object_or_404
from django.urls import path, re_path, reverse
from django.utils.functional import cached_property
from rest_framework.response import Response
from rest_framework.views import APIView
from wagtail.api.v2.router import WagtailAPIRouter
from wagtail.api.v2.utils import BadRequestError, page_models_from_string
from wagtail.api.v2.views import BaseAPIViewSet, PagesAPIViewSet
from wagtail.models import Page
from wagtail.search.backends import get_search_backend

from core.models import Document, Image
from delivery import sites
from news import taxonomy
from news.models import ListingTerm
from portal.api.answers import Open, Paging, whole_number
from portal.api.public import Public, public_pages
from portal.api.serializers import DocumentSerializer, ImageSerializer, PublicPageSerializer
from search import query as queries
from search.engine.deadline import TookTooLong, deadline

MAX_FOUND = 500
TREE = ("child_of", "descendant_of", "ancestor_of", "translation_of")
TERMS = {"topic": "topics", "author": "authors", "kind": "kinds"}


class Endpoint(Open):
    """A list and its single things."""

    pagination_class = Paging
    known_query_parameters = frozenset({"limit", "offset", "fields", "order", "search", "search_operator", "title"})
    sortable = frozenset({"id", "title"})
    matched = ("title",)

    @cached_property
    def public(self):
        return Public()

    @classmethod
    def get_urlpatterns(cls):
        return [
            path("", cls.as_view({"get": "listing_view"}), name="listing"),
            re_path(r"^([0-9]{1,18})/$", cls.as_view({"get": "detail_view"}), name="detail"),
        ]

    def detail_view(self, request, pk):
        self.check_query_parameters()
        self.kwargs["pk"] = pk
        return super().detail_view(request, pk)

    def check_query_parameters(self, queryset=None):
        """Refuse what is not a parameter here: a mistyped filter must not give everything."""
        known = self.known_query_parameters if self.action == "listing_view" else {"fields"}
        unknown = sorted(self.request.GET.keys() - known)
        if unknown:
            raise BadRequestError(f"not a parameter here: {', '.join(unknown)}")
        if any("\0" in value for values in self.request.GET.lists() for value in values[1]):
            raise BadRequestError("null characters are not allowed")

    def get_serializer_class(self):
        # Wagtail reads brackets by recursion, however deep; here what a page refers to comes whole.
        if "(" in self.request.GET.get("fields", ""):
            raise BadRequestError("fields of fields cannot be chosen")
        return super().get_serializer_class()

    def get_serializer_context(self):
        return super().get_serializer_context() | {"public": self.public}

    def get_queryset(self):
        return self.public.files(self.model).order_by("id")

    def get_object(self):
        if not hasattr(self, "_cached_object"):
            self._cached_object = get_object_or_404(self.get_queryset(), pk=self.kwargs["pk"])
        return self._cached_object

    def filter_queryset(self, queryset):
        query = self.request.GET
        for name in self.matched:
            if name in query:
                queryset = queryset.filter(**{name: query[name]})
        queryset = self.sorted(queryset, query["order"].split(",")) if query.get("order") else queryset
        return self.searched(queryset, query["search"]) if "search" in query else queryset

    def sorted(self, queryset, names):
        fields = {field.name for field in queryset.model._meta.concrete_fields} & self.sortable
        for name in names:
            if name.removeprefix("-") not in fields:
                raise BadRequestError(f"cannot order by '{name}'; possible here: {', '.join(sorted(fields))}")
        # Equal titles must not change places between two pages of a list.
        return queryset.order_by(*names, "pk")

    def searched(self, queryset, text):
        """Return what a search finds: a queryset where an order is asked for, else ids, best first."""
        operator = self.request.GET.get("search_operator", "and")
        if operator not in ("and", "or"):
            raise BadRequestError("search_operator must be 'and' or 'or'")
        # By ids: other engines than ours take conditions on few other fields.
        within = self.model.objects.filter(pk__in=queryset.order_by().values("pk")).only("pk")
        hits = get_search_backend().search(queries.clean(text), within, operator=operator)
        try:
            with deadline():
                ids = [hit.pk for hit in hits[:MAX_FOUND]]
        except TookTooLong as error:
            raise BadRequestError("this search took too long; try fewer or rarer words") from error
        return queryset.filter(pk__in=ids) if self.request.GET.get("order") else ids


class Pages(Endpoint, PagesAPIViewSet):
    """The pages that everybody may read, in every language."""

    base_serializer_class = PublicPageSerializer
    known_query_parameters = Endpoint.known_query_parameters | {"type", "locale", "slug", *TREE, *TERMS}
    sortable = Endpoint.sortable | {"slug", "published_on", "updated_on"}
    matched = ("title", "slug")
    meta_fields = [
        *BaseAPIViewSet.meta_fields,
        "html_url",
        "slug",
        "locale",
        "translations",
        "parent",
        "seo_title",
        "search_description",
    ]
    listing_default_fields = [*BaseAPIViewSet.listing_default_fields, "title", "html_url", "slug"]

    def get_base_queryset(self):
        return public_pages(Page.objects.order_by("id"))

    def get_queryset(self):
        wanted = self.request.GET.get("type")
        try:
            models = page_models_from_string(wanted) if wanted else ()
        except (LookupError, ValueError) as error:
            raise BadRequestError("type doesn't exist") from error
        if len(models) == 1:
            # Its own fields are then at hand, to be shown and sorted by.
            return public_pages(models[0].objects.order_by("id"))
        return self.get_base_queryset().type(*models) if models else self.get_base_queryset()

    def get_object(self):
        return super().get_object().specific

    def get_serializer(self, shown, many=False):
        serializer = super().get_serializer(shown, many=many)
        self.public.announce(shown if many else [shown], (serializer.child if many else serializer).fields)
        return serializer

    def filter_queryset(self, queryset):
        query = self.request.GET
        if "locale" in query:
            edition = sites.live_editions().get(query["locale"])
            if edition is None:
                raise BadRequestError(f"locale must be one of {', '.join(sites.live_editions())}")
            queryset = queryset.filter(locale_id=edition.locale_id)
        for name in TREE:
            if name in query:
                queryset = getattr(queryset, name)(self.page_named(name))
        for name, family in TERMS.items():
            if name in query:
                found = [taxonomy.by_slug(family, query[name], language) for language in sites.live_editions()]
                rows = ListingTerm.shown.filter(key__in=[term.key for term in found if term])
                queryset = queryset.filter(pk__in=rows.values("page_id"))
        return super().filter_queryset(queryset)

    def page_named(self, name):
        """Return the public page whose id the query string gives, or the front page for ``root``."""
        site = sites.site()
        wanted = self.request.GET[name]
        pk = site.root_page_id if wanted == "root" and site else whole_number(self.request.GET, name)
        page = self.get_base_queryset().filter(pk=pk).first()
        if page is None:
            raise BadRequestError(f"{name}: there is no such page")
        return page


class Images(Endpoint, BaseAPIViewSet):
    """The images of open collections whose rights last, in their finished sizes."""

    base_serializer_class = ImageSerializer
    body_fields = [*BaseAPIViewSet.body_fields, "title", "width", "height", "credit", "files"]
    listing_default_fields = [*BaseAPIViewSet.listing_default_fields, "title", "files"]
    sortable = Endpoint.sortable | {"width", "height"}
    model = Image


class Documents(Endpoint, BaseAPIViewSet):
    """The documents of open collections."""

    base_serializer_class = DocumentSerializer
    body_fields = [*BaseAPIViewSet.body_fields, "title", "locale", "file_type", "file_size", "credit"]
    meta_fields = [*BaseAPIViewSet.meta_fields, "download_url"]
    listing_default_fields = [*BaseAPIViewSet.listing_default_fields, "title", "download_url"]
    model = Document


class Router(WagtailAPIRouter):
    """Addresses as the world knows them, without asking for the site."""

    def get_object_detail_urlpath(self, model, pk):
        found = super().get_object_detail_urlpath(model, pk)
        return f"{settings.PUBLIC_URL}{found}" if found else None


KINDS = {"pages": Pages, "images": Images, "documents": Documents}
router = Router("api")
for name, endpoint in KINDS.items():
    router.register_endpoint(name, endpoint)


class Start(Open, APIView):
    """Where the lists are."""

    def get(self, request):
        return Response({name: sites.absolute(reverse(f"api:{name}:listing")) for name in KINDS})
