"""wagtail-localize's endpoints behind Portal's rules: every write asks for the right on its target, and its lock."""

from functools import wraps
from itertools import zip_longest

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBadRequest, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST
from rest_framework.exceptions import APIException
from rest_framework.parsers import FormParser, MultiPartParser
from rest_framework.request import Request
from wagtail.admin.views.pages.utils import get_valid_next_url_from_request
from wagtail.models import Page
from wagtail_localize.models import OverridableSegment, StringSegment, Translation
from wagtail_localize.views import convert, snippets_api
from wagtail_localize.views import edit_translation as stock

from delivery import references
from translation import machine, meanwhile, memory, overrides, po, policies, rights
from translation.views import editing

SHOWN_ENTRIES = 5


def for_target(view):
    """Let a view act on a translation only for those who may change its target now; a stopped one is only read."""

    @wraps(view)
    def checked(request, translation_id, *args, **kwargs):
        found = Translation.objects.select_related("source__locale", "target_locale")
        translation = get_object_or_404(found, pk=translation_id)
        target = target_of(translation)
        rights.require(rights.may_change(request.user, target))
        if not translation.enabled and request.method not in ("GET", "HEAD"):
            return refuse_stopped(request, translation)
        with references.scope():
            return view(request, translation, *args, **kwargs)

    return checked


def refuse_stopped(request, translation):
    """Answer what would change a translation that was stopped: its words would reach no page."""
    if request.method == "PUT":
        # The editor shows this beside the sentence, which is not stored.
        return JsonResponse({"data": _value(request) or "", "error": editing.STOPPED})
    if request.method != "POST":
        return HttpResponse(editing.STOPPED, status=409)
    messages.error(request, editing.STOPPED)
    return back(request, translation)


def target_of(translation):
    """Return a translation's page or snippet, or raise Http404 where it is gone."""
    target = translation.source.object.get_instance_or_none(translation.target_locale)
    if target is None:
        raise Http404("The translation is gone")
    return getattr(target, "specific", target)


def back(request, translation):
    address = reverse("wagtailadmin_home")
    target = target_of(translation)
    if isinstance(target, Page):
        address = reverse("wagtailadmin_pages:edit", args=[target.pk])
    return redirect(get_valid_next_url_from_request(request) or address)


@for_target
def string(request, translation, string_segment_id):
    segment = get_object_or_404(StringSegment, pk=string_segment_id, source=translation.source_id)
    unseen = meanwhile.unseen(request, translation, segment)
    if request.method == "DELETE" and unseen is not None:
        return HttpResponse(status=409)
    if request.method == "PUT":
        value = _value(request)
        if value is None:
            return HttpResponseBadRequest("value is missing, or is no sentence")
        if fault := _fault_in(request, segment, value, unseen):
            # The editor shows this beside the sentence, which is not stored.
            return JsonResponse({"data": value, "error": fault})
    return stock.edit_string_translation(request, translation.pk, string_segment_id)


def _fault_in(request, segment, value, unseen):
    """Return why a sentence is not saved, or not yet, or an empty string."""
    if memory.is_blank(value):
        return _("Nothing was saved: there is no word in this.")
    if unseen is None or unseen == value:
        return ""
    meanwhile.note_seen(request, segment, unseen)
    message = _("Not saved yet: somebody wrote “%(words)s” here meanwhile. Save again to put yours in its place.")
    return message % {"words": unseen}


@for_target
def override(request, translation, overridable_segment_id):
    segment = get_object_or_404(OverridableSegment, pk=overridable_segment_id, source=translation.source_id)
    if request.method == "PUT":
        value = _value(request)
        if value is None:
            return HttpResponseBadRequest("value is missing")
        if fault := overrides.fault_in(segment, value):
            # The editor shows this beside the value, which is not stored.
            return JsonResponse({"segment_id": segment.pk, "data": value, "error": fault})
    return stock.edit_override(request, translation.pk, overridable_segment_id)


def _value(request):
    """Return the value that a request brings, or None where it cannot be stored.

    That is one with a NUL, or with more tags than a sentence has.
    """
    body = request.body
    tags = body.count(b"<") + body.count(b"%3C") + body.count(b"%3c")
    if b"%00" in body or b"\0" in body or tags > memory.MOST_TAGS:
        return None
    try:
        return Request(request, parsers=[FormParser(), MultiPartParser()]).POST.get("value")
    except APIException:
        return None


@for_target
def preview(request, translation, mode=None):
    return stock.preview_translation(request, translation.pk, mode)


@require_POST
@for_target
def stop(request, translation):
    return stock.stop_translation(request, translation.pk)


def snippets(request, app_label, model_name, action, **kwargs):
    """What the editor asks of chosen snippets, for those who translate."""
    rights.require(bool(rights.languages_of(request.user)))
    view = snippets_api.SnippetViewSet.as_view({"get": action})
    return view(request, app_label=app_label, model_name=model_name, **kwargs)


def to_alias(request, page_id):
    """Turn a translation back into an alias, which is live as its source is; where its language shows aliases."""
    page = get_object_or_404(Page, pk=page_id)
    rights.require(rights.may_change(request.user, page) and rights.may_publish(request.user, page))
    if page.locale_id not in policies.wants_aliases() or page.get_descendants().filter(alias_of=None).exists():
        words = _("This page stays a translation: its language shows no aliases, or it has translations below it.")
        messages.error(request, words)
        return redirect("wagtailadmin_pages:edit", page.pk)
    return convert.convert_to_alias(request, page_id)


@for_target
def download(request, translation):
    """Send the sentences as a PO file."""
    name = slugify(translation.source.object_repr, allow_unicode=True) or "page"
    name = f"{name}-{translation.target_locale.language_code}.po"
    response = HttpResponse(str(po.exported(translation)), content_type="text/x-gettext-translation; charset=utf-8")
    return _as_download(response, name)


def _as_download(response, name):
    from django.utils.http import content_disposition_header

    response["Content-Disposition"] = content_disposition_header(True, name)
    return response


@require_POST
@for_target
def upload(request, translation):
    """Take a PO file in, and say what came of it."""
    sent = request.FILES.get("file")
    try:
        if sent is None:
            raise po.UnreadableFile(_("Choose a PO file first."))
        file = po.read(sent.read(po.MAX_BYTES + 1))
        po.check_owner(file, translation)
    except po.UnreadableFile as error:
        messages.error(request, str(error))
        return back(request, translation)
    report(request, po.take_in(file, translation, request.user))
    return back(request, translation)


def report(request, outcome):
    """Tell a person what an import did."""
    changed = ngettext("%(n)s sentence taken in.", "%(n)s sentences taken in.", outcome.changed) % {
        "n": outcome.changed
    }
    words = [changed]
    if outcome.unsure:
        kept = ngettext(
            "%(n)s is marked as unsure and waits for a review.",
            "%(n)s are marked as unsure and wait for a review.",
            outcome.unsure,
        )
        words.append(kept % {"n": outcome.unsure})
    messages.success(request, " ".join(words))
    _tell_what_was_left(request, outcome)


def _tell_what_was_left(request, outcome):
    if outcome.wrong:
        intro = _("These have a fault in their links or markup and are not used until it is mended:")
        messages.error(request, f"{intro} {_listed(outcome.wrong)}")
    if outcome.unknown:
        intro = _("These are not (or no longer) on the page and were left out:")
        messages.warning(request, f"{intro} {_listed(outcome.unknown)}")
    if outcome.blank:
        intro = _("These have no words, only spaces or markup, and were left out:")
        messages.warning(request, f"{intro} {_listed(outcome.blank)}")
    if outcome.newer:
        intro = _("These were changed here after the file was downloaded, and stay as they are:")
        messages.warning(request, f"{intro} {_listed(*zip(*outcome.newer, strict=True))}")
    if outcome.clashing:
        intro = _("These were changed both here and in the file. What stands here stays; your file says:")
        messages.error(request, f"{intro} {_listed(*zip(*outcome.clashing, strict=True), most=len(outcome.clashing))}")


def _listed(sentences, words=(), most=SHOWN_ENTRIES):
    """Return sentences, each cut short, with the words that stand beside them."""
    pairs = zip_longest(sentences[:most], words[:most], fillvalue="")
    shown = "; ".join(f"“{sentence[:80]}”" + (f": “{said}”" if said else "") for sentence, said in pairs)
    more = len(sentences) - most
    return f"{shown} … (+{more})" if more > 0 else shown


@require_POST
@for_target
def by_machine(request, translation):
    """Have the untranslated sentences translated by the machine translator, if there is one."""
    service = machine.translator()
    if service is None or not service.can_translate(translation.source.locale, translation.target_locale):
        raise Http404("No machine translation for these languages")
    try:
        done = machine.translate(translation, request.user)
    except machine.ServiceFailed as error:
        messages.error(request, str(error))
        return back(request, translation)
    if done:
        words = ngettext(
            "%(n)s sentence translated; please review it.", "%(n)s sentences translated; please review them.", done
        )
        messages.success(request, words % {"n": done})
    else:
        messages.warning(request, _("There is nothing left to translate."))
    return back(request, translation)
