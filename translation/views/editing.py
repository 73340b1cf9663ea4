"""The editor of a translation: wagtail-localize's own, with who may do what and what may go live decided here."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.models import Page
from wagtail_localize.models import Translation
from wagtail_localize.views import edit_translation as stock

from delivery import references, sites, translations
from translation import publishing, rights, sources

CONFIRMED = "publish-with-open-sentences"
HELD_SHOWN = 5
# Wagtail opens an old version in its form, and asks the same hook; a translation has no words but its sentences.
OLD_VERSION = "revisions_revert"
STOPPED = gettext_lazy(
    "Nothing was saved or published: this translation was stopped, or its source was deleted. "
    "The text is now edited as a whole."
)
BY_HAND = gettext_lazy(
    "This text was changed by hand while the translation was stopped. Publishing puts the sentences in its place; "
    "the history keeps it, to be looked at."
)


def open_editor(request, instance):
    """Answer the request to edit a page or snippet that is somebody's translation, else return None."""
    if getattr(instance, "alias_of_id", None):
        return None
    translation = sources.translation_of(instance)
    if translation is None:
        if request.method == "GET":
            tell_source_editor(request, instance)
        elif "localize-restart-translation" in request.POST:
            # wagtail-localize's own hook does it, and asks nobody.
            rights.require(rights.may_change(request.user, instance))
        elif "action" in request.POST:
            # The button of an editor that was opened before; it sends no fields of a form.
            messages.error(request, STOPPED)
            return redirect(request.path)
        return None
    if request.resolver_match.url_name == OLD_VERSION:
        return lead_to_history(request, instance)
    if request.method == "POST":
        answer = answer_first(request, translation, instance)
        if answer is not None:
            return answer
    else:
        tell_translator(request, translation, instance)
    with references.scope():
        return stock.edit_translation(request, translation, instance)


def answer_first(request, translation, instance):
    """Return the answer to what wagtail-localize's editor is not to get, or not yet, else None."""
    rights.require(rights.may_change(request.user, instance))
    if "localize-convert-to-alias" in request.POST:
        return redirect("wagtail_localize:convert_to_alias", instance.pk)
    if request.POST.get("action") != "publish":
        return None
    rights.require(rights.may_publish(request.user, instance))
    if sources.is_withheld(translation):
        # The editor, which it leads back to, says why.
        return redirect(request.path)
    with references.scope():
        faults = publishing.faults_of(translation)
    if faults:
        words = _("Nothing was published. Please mend this first: %(faults)s")
        messages.error(request, words % {"faults": " ".join(map(str, faults))})
        return redirect(request.path)
    if CONFIRMED not in request.POST:
        question = ask_before_publishing(request, translation, instance)
        if question is not None:
            return question
    if isinstance(instance, Page):
        publishing.name_address(translation, instance)
    return None


def lead_to_history(request, instance):
    """Answer the request to bring back an old version of a translation."""
    words = _("Old versions of a translation can be looked at, but not brought back. Change its sentences instead.")
    messages.info(request, words)
    return redirect(f"{request.resolver_match.namespace}:history", instance.pk)


def ask_before_publishing(request, translation, instance):
    """Ask before the source's language goes live among translated sentences, or old ones replace what was written.

    Returns:
        the question, or None where there is none.
    """
    missing, in_review = publishing.open_sentences(translation)
    by_hand = BY_HAND if sources.is_by_hand(instance) else ""
    if not (missing or in_review or by_hand):
        return None
    context = {
        "translation": translation,
        "instance": instance,
        "missing": missing,
        "in_review": in_review,
        "by_hand": by_hand,
        "confirmed": CONFIRMED,
        "source_language": translation.source.locale.get_display_name(),
    }
    return render(request, "translation/confirm_publish.html", context)


def tell_translator(request, translation, instance):
    """Say in the editor why it cannot go live, that the source has changed since, and what is left to do."""
    if sources.is_withheld(translation):
        words = _("The source is not published. You can publish this translation once the source is live or scheduled.")
        messages.warning(request, words)
    if sources.is_by_hand(instance):
        messages.warning(request, BY_HAND)
    outdated = translations.outdated(instance.translation_key, instance.locale_id)
    missing, in_review = publishing.open_sentences(translation)
    if outdated is None and not in_review:
        return
    words = []
    if outdated is not None:
        date = date_format(localtime(outdated.since), "DATE_FORMAT")
        words.append(_("This translation is out of date: its source was changed on %(date)s.") % {"date": date})
    if missing:
        words.append(
            ngettext("%(n)s sentence to translate.", "%(n)s sentences to translate.", missing) % {"n": missing}
        )
    if in_review:
        words.append(ngettext("%(n)s sentence to review.", "%(n)s sentences to review.", in_review) % {"n": in_review})
    messages.warning(request, " ".join(words))


def tell_source_editor(request, instance):
    """Say in the source's editor which translations are out of date."""
    names = []
    for edition in sites.editions().values():
        outdated = translations.outdated(instance.translation_key, edition.locale_id)
        if outdated is not None and outdated.source_locale_id == instance.locale_id:
            names.append(edition.name)
    if names:
        words = _("These translations are out of date: %(languages)s.")
        messages.info(request, words % {"languages": ", ".join(names)})


def refuse_bulk_publishing(request, action_type, objects):
    """Return an error message where a bulk action would publish drafts of translations past the editor, else None."""
    if action_type != "publish":
        return None
    pages = [item for item in objects if isinstance(item, Page)]
    if request.POST.get("include_descendants"):
        pages += [page for item in pages for page in item.get_descendants().not_live()]
    records = Translation.objects.filter(source__object_id__in=[page.translation_key for page in pages], enabled=True)
    targets = set(records.values_list("source__object_id", "target_locale_id"))
    held = [page for page in pages if (page.translation_key, page.locale_id) in targets and not page.alias_of_id]
    if not held:
        return None
    titles = ", ".join(page.get_admin_display_title() for page in held[:HELD_SHOWN])
    return _("Translations are published one by one, from their editor: %(titles)s") % {"titles": titles}
