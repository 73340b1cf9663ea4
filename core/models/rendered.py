"""A page as readers get it: what it needs, what it says of itself, and what its template shows."""

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext
from wagtail.models import Page, PageViewRestriction

from core import structured, twins
from core.blocks.announce import announced
from core.models.files import Image
from core.models.furniture import furniture_for
from delivery import alternates, references, sites, translations


class Rendered:
    """A page that is rendered with everything it refers to loaded together (docs/architecture.md, Rendered)."""

    text_template = "core/_text.html"
    # What it is in the words of schema.org, and the forms it has beside HTML: {ending: function of the page}.
    schema_type = "WebPage"
    twins = {}

    def announce_references(self, found):
        """Say which objects the page will need, before it is rendered.

        Args:
            found: the ``References`` of this response; subclasses add theirs and call super.
        """
        found.want(Page, [self.pk, self.alias_of_id])
        found.want(Image, [self.social_image_id])
        self.announce_text(found)

    def announce_text(self, found):
        """Say which objects the text itself needs, on the page as elsewhere (``core.portable``)."""
        body = getattr(self, "body", None)
        if body is not None:
            for model, pk in announced(body):
                found.want(model, [pk])

    @property
    def trail(self):
        """The pages above this one as {"title", "url"}, the front page first.

        A page type whose parent is not the front page gives it as ``trail_parent``.
        """
        if self.edition is None or self.pk == self.edition.home_id:
            return []
        home = {"title": gettext("Home"), "url": self.edition.prefix}
        return [home, *([parent] if (parent := getattr(self, "trail_parent", None)) else [])]

    def facts(self):
        """Return what else readers of the bare text should know, as (label, words)."""
        return []

    def structured(self, furniture, address):
        """Return what the page says of itself to machines (``core.structured``).

        Args:
            furniture: the arranged furniture.
            address: the page's full address.
        """
        return [structured.web_page(self.schema_type, self, address), structured.breadcrumbs(self.trail, self.title)]

    def text_context(self):
        """Return what the template of the text shows."""
        return {"page": self}

    def get_context(self, request, *args, counterparts=None, cursor="", **kwargs):
        """Return what the template shows.

        Args:
            request: the reader's request.
            counterparts: {language: address} of what is shown, this page's own language included, where that is
                something other than the page and its translations.
            cursor: the query string of a later page of a list, which has no counterpart in another language.
        """
        found = references.current()
        self.announce_references(found)
        # First of all: its links are then loaded together with what the page announced.
        furniture = furniture_for(self.language)
        if counterparts is None:
            counterparts = alternates.of_pages(found.translations(self.alias_of_id or self.pk).values())
        path = counterparts.get(self.language, request.path)
        has_counterparts = alternates.stands_alone(self) and not cursor
        canonical_url = f"{settings.PUBLIC_URL}{path}{cursor}"
        things = [structured.organisation(furniture), *self.structured(furniture, sites.absolute(canonical_url))]
        return super().get_context(request, *args, **kwargs) | {
            "furniture": furniture,
            "structured": structured.document(*things),
            "twin_url": twins.address_of(self, "md"),
            "alternates": counterparts,
            "hreflang": alternates.hreflang(counterparts) if has_counterparts else [],
            "canonical_url": canonical_url,
            "social_image": found.get(Image, self.social_image_id),
            "outdated": self.outdated_note(found.translations(self.pk)),
        }

    def outdated_note(self, siblings):
        """Return {"since", "language", "name", "url"} of a source that says something else by now, or None.

        Args:
            siblings: this page in all languages, by locale id.
        """
        # What exists in one language only needs no question.
        known = translations.outdated(self.translation_key, self.locale_id) if len(siblings) > 1 else None
        source = siblings.get(known.source_locale_id) if known else None
        language = sites.languages().get(known.source_locale_id) if known else None
        if source is None or language is None:
            return None
        is_open = alternates.stands_alone(source)
        name = translation.get_language_info(language)["name_translated"]
        url = sites.page_url(source.url_path, source.locale_id) if is_open else None
        return {"since": known.since, "language": language, "name": name, "url": url}

    def serve_preview(self, request, mode_name):
        """Render a preview at once as readers will see it: in the page's language and the site's time zone."""
        zone = timezone.get_default_timezone()
        with translation.override(self.language), timezone.override(zone), references.scope():
            response = super().serve_preview(request, mode_name)
            return response.render() if hasattr(response, "render") else response

    def get_view_restrictions(self):
        """Return the restrictions that cover this page, without asking for them where there are none."""
        if sites.is_public(self.path):
            return PageViewRestriction.objects.none()
        return super().get_view_restrictions()
