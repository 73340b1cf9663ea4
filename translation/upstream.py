"""Where wagtail-localize 1.14.5 falls short, mended in one place; each entry names the fault and where it is reported.

``mend`` replaces methods of the library once, when Django starts. ``translation/tests/test_upstream.py`` shows each
fault on the method that was replaced (kept in ``stock``), so that an entry can go when the library has mended it.
"""

import json
from collections import Counter

from bs4 import BeautifulSoup
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import PROTECT, Exists, OuterRef, Subquery
from django.db.models.signals import post_save
from django.utils.formats import date_format
from django.utils.text import slugify
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.models import Locale, Page, TranslatableMixin
from wagtail_localize import models as localize
from wagtail_localize import synctree
from wagtail_localize.locales import views as locale_views
from wagtail_localize.locales.components import LOCALE_COMPONENTS
from wagtail_localize.segments import extract, ingest
from wagtail_localize.views import edit_translation as editor

from translation import chosen, differing, follow, machine, meanwhile, segments
from translation.models import Review

stock = {}


def replace(owner, name, mended):
    """Replace an attribute of the library and keep the original in ``stock``."""
    stock.setdefault(f"{owner.__name__}.{name}", getattr(owner, name))
    setattr(owner, name, mended)


def refresh_segments(source):
    """Four queries for every sentence: 3,050 for a page of 100 blocks.

    https://github.com/wagtail/wagtail-localize/issues/932
    """
    segments.refresh(source)


def annotate_translation(queryset, locale, include_errors=False):
    """A sentence in review keeps its old translation, where the library would fall back to the source's words.

    https://github.com/wagtail/wagtail-localize/issues/502
    """
    translations = localize.StringTranslation.objects.filter(
        translation_of_id=OuterRef("string_id"), locale_id=localize.pk(locale), context_id=OuterRef("context_id")
    )
    if not include_errors:
        translations = translations.exclude(has_error=True, review__isnull=True)
    return queryset.annotate(translation=Subquery(translations.values("data")[:1]))


def get_translations(queryset, locale):
    """The translations of segments, with what the editor shows of each: it asks four queries for every sentence."""
    wanted = localize.StringSegment.objects.filter(
        pk__in=queryset.values("pk"), string_id=OuterRef("translation_of_id"), context_id=OuterRef("context_id")
    )
    found = localize.StringTranslation.objects.filter(Exists(wanted), locale_id=localize.pk(locale))
    return found.select_related("translation_of", "context", "review", "last_translated_by__wagtail_userprofile")


def get_error(translation):
    """Say first what a sentence in review waits for; in the language of whoever looks."""
    review = getattr(translation, "review", None)
    if review is None:
        return stock["StringTranslation.get_error"](translation)
    if review.reason != Review.Reason.CHANGED or not review.previous_source:
        return _("Needs review: %(reason)s.") % {"reason": review.get_reason_display()}
    before, after = differing.parts(review.previous_source, translation.translation_of.data)
    return _("Needs review: the source said “%(before)s” and now says “%(after)s”.") % {
        "before": before,
        "after": after,
    }


def get_comment(translation):
    """The date in the comment on a sentence is in English, and of UTC, whatever the language and place.

    https://github.com/wagtail/wagtail-localize/blob/v1.14.5/wagtail_localize/models.py#L1760
    """
    comment = stock["StringTranslation.get_comment"](translation)
    english = translation.updated_at.strftime(localize.DATE_FORMAT)
    return comment and comment.replace(english, date_format(localtime(translation.updated_at)))


def validate_links(source, translated):
    """A link that was lost or doubled is accepted; only an unknown one is refused.

    https://github.com/wagtail/wagtail-localize/blob/v1.14.5/wagtail_localize/strings.py#L493
    """
    stock["wagtail_localize.models.validate_translation_links"](source, translated)
    before, after = _link_ids(source), _link_ids(translated)
    if lost := before - after:
        raise ValueError(_("A link of the source is missing: %(links)s") % {"links": ", ".join(sorted(lost))})
    if doubled := after - before:
        raise ValueError(_("A link of the source stands here twice: %(links)s") % {"links": ", ".join(sorted(doubled))})


def _link_ids(html):
    return Counter(link["id"] for link in BeautifulSoup(html, "html.parser").find_all("a", id=True))


def segments_of_block(extractor, block, value, raw_value=None):
    """A block that a program left without a value (None) makes the page impossible to submit.

    https://github.com/wagtail/wagtail-localize/blob/v1.14.5/wagtail_localize/segments/extract.py#L76
    """
    if value is None:
        return []
    return stock["StreamFieldSegmentExtractor.handle_block"](extractor, block, value, raw_value=raw_value)


def related_object(model, source_locale, target_locale, found):
    """A picture that was deleted under an override, or never was one, is a 500 on every sync and publication.

    https://github.com/wagtail/wagtail-localize/issues/841
    """
    handled = stock["wagtail_localize.segments.ingest.handle_related_object"]
    try:
        return handled(model, source_locale, target_locale, found)
    except (model.DoesNotExist, ValueError):
        return None


def related_block(writer, related, found):
    """As ``related_object``, inside a StreamField: what the source shows stays."""
    if related is None:
        return None
    return related_object(type(related), writer.src_locale, writer.tgt_locale, found) or related


def sync_view_restrictions(source, original, translation):
    """Each publication opens a translation that is private by the section of its source, or by itself.

    https://github.com/wagtail/wagtail-localize/blob/v1.14.5/wagtail_localize/models.py#L922
    """
    follow.restrict_as(original, translation)


def copy_facts(source, target):
    """When a page goes live and expires is copied once, when its translation is begun, and never again.

    The address of the source is copied each time: over that of a page that readers know, and over the free one of a
    snippet, which is a 500 where another has it.

    https://github.com/wagtail/wagtail-localize/blob/v1.14.5/wagtail_localize/models.py#L755
    """
    own = getattr(target, "slug", None)
    stock["wagtail_localize.models.copy_synchronised_fields"](source, target)
    if own and (not isinstance(target, Page) or target.first_published_at):
        target.slug = own
    follow.copy_schedule(type(source).objects.get(pk=source.pk), target)


def keep_letters(text):
    """The address of an Arabic translation is emptied: slugify drops all its letters.

    https://github.com/wagtail/wagtail-localize/blob/v1.14.5/wagtail_localize/models.py#L840
    """
    return slugify(text, allow_unicode=getattr(settings, "WAGTAIL_ALLOW_UNICODE_SLUGS", True))


def segment_id(serializer, translation):
    """One query for every sentence, to find the segment that a translation belongs to."""
    source = serializer.context["translation_source"]
    if not hasattr(source, "segment_ids"):
        rows = source.stringsegment_set.order_by("-order").values_list("string_id", "context_id", "pk")
        source.segment_ids = {(string, context): pk for string, context, pk in rows}
    return source.segment_ids.get((translation.translation_of_id, translation.context_id))


def override_segment_id(serializer, override):
    """One query for every override, and an error where a segment is there twice."""
    source = serializer.context["translation_source"]
    if not hasattr(source, "override_ids"):
        source.override_ids = dict(source.overridablesegment_set.order_by("-order").values_list("context_id", "pk"))
    return source.override_ids.get(override.context_id)


def with_words(manager):
    """The editor asks two queries for every sentence, for its words and its place."""
    rows = stock[f"{type(localize.StringSegment.objects).__name__}.get_queryset"](manager)
    return rows.select_related("string", "context")


def with_place(manager):
    """The editor asks a query for the place of everything that can be overridden."""
    rows = stock[f"{type(localize.OverridableSegment.objects).__name__}.get_queryset"](manager)
    return rows.select_related("context")


def render_editor(request, template, context):
    """A picture that was deleted leaves the whole editor white: its script reads the thumbnail of what is not there.

    https://github.com/wagtail/wagtail-localize/issues/769
    """
    rendered = stock["wagtail_localize.views.edit_translation.render"]
    if "props" not in context:
        # The page of an alias, which has no script.
        return rendered(request, template, context)
    props = json.loads(context["props"])
    chosen.leave_out_gone(props)
    meanwhile.note_shown(props)
    return rendered(request, template, context | {"props": json.dumps(props, cls=DjangoJSONEncoder)})


def usage_of_language(locale):
    """What keeps a language without having translations, such as an issue of the newsletter, is not counted.

    Who deletes the language is asked whether they are sure, and then told that they have no permission.

    https://github.com/wagtail/wagtail-localize/blob/v1.14.5/wagtail_localize/locales/utils.py#L4
    """
    pages, others = stock["wagtail_localize.locales.views.get_locale_usage"](locale)
    for relation in Locale._meta.get_fields(include_hidden=True):
        model = relation.related_model
        if getattr(relation, "on_delete", None) is PROTECT and not issubclass(model, TranslatableMixin):
            others += model._base_manager.filter(**{relation.field.name: locale}).count()
    return pages, others


def mend():
    """Put every entry in its place."""
    replace(localize.TranslationSource, "refresh_segments", refresh_segments)
    replace(localize.StringSegmentQuerySet, "annotate_translation", annotate_translation)
    replace(localize.StringSegmentQuerySet, "get_translations", get_translations)
    replace(localize.StringTranslation, "get_error", get_error)
    replace(localize.StringTranslation, "get_comment", get_comment)
    replace(localize.TranslationSource, "sync_view_restrictions", sync_view_restrictions)
    replace(localize, "copy_synchronised_fields", copy_facts)
    replace(localize, "validate_translation_links", validate_links)
    replace(localize, "slugify", keep_letters)
    replace(extract.StreamFieldSegmentExtractor, "handle_block", segments_of_block)
    replace(ingest, "handle_related_object", related_object)
    replace(ingest.StreamFieldSegmentsWriter, "handle_related_object_block", related_block)
    replace(editor.StringTranslationSerializer, "get_segment_id", segment_id)
    replace(editor.SegmentOverrideSerializer, "get_segment_id", override_segment_id)
    replace(type(localize.StringSegment.objects), "get_queryset", with_words)
    replace(type(localize.OverridableSegment.objects), "get_queryset", with_place)
    replace(editor, "render", render_editor)
    replace(locale_views, "get_locale_usage", usage_of_language)
    # An error reply of the service is a 500, and so is LibreTranslate without a key: machine.py asks in portions.
    replace(editor, "get_machine_translator", machine.translator)
    # A title of more than 255 letters is a 500 on PostgreSQL: signals.py shows it in the explorer, cut.
    post_save.disconnect(localize.post_save_string_translation, sender=localize.StringTranslation)
    # Aliases are made for pages created by hand only, and after a move, adding a language fails: policies.py does that.
    # https://github.com/wagtail/wagtail/issues/13736
    hooks._hooks["after_create_page"].remove((synctree.after_create_page, 0))
    LOCALE_COMPONENTS[:] = [
        component for component in LOCALE_COMPONENTS if component["model"] is not localize.LocaleSynchronization
    ]
