"""Sending pages and snippets to the translators, and bringing a source up to date by hand."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import DetailView
from wagtail.models import Locale, Page
from wagtail_localize.models import TranslationSource
from wagtail_localize.views import submit_translations, update_translations

from translation import rights, sources, submission
from translation.models import Submission


class SubmitForm(submit_translations.SubmitTranslationForm):
    """The languages that this person may translate into and that have no version yet."""

    def __init__(self, instance, user, *args, **kwargs):
        super().__init__(instance, *args, **kwargs)
        allowed = [locale.pk for locale in self.fields["locales"].queryset if rights.may_submit(user, instance, locale)]
        self.fields["locales"].queryset = Locale.objects.filter(pk__in=allowed)
        self.fields["include_subtree"].help_text = gettext_lazy("All published pages below this one.")
        below = live_below(instance).count() if isinstance(instance, Page) else 0
        if below:
            label = ngettext("Include the %(n)s page below it", "Include the %(n)s pages below it", below)
            self.fields["include_subtree"].label = label % {"n": below}
        else:
            self.fields["include_subtree"].widget = forms.HiddenInput()


def live_below(page):
    """Return the published pages below one, parents first, without aliases."""
    return page.get_descendants().live().filter(alias_of=None, locale_id=page.locale_id).order_by("path")


class SubmitMixin:
    """Portal's rules for wagtail-localize's two views: nothing is published, and only into languages one works in."""

    components = ()

    def dispatch(self, request, *args, **kwargs):
        if not request.user.has_perm(rights.SUBMIT):
            raise PermissionDenied
        self.object = self.get_object()
        return super(submit_translations.SubmitTranslationView, self).dispatch(request, *args, **kwargs)

    def get_form(self):
        # The same form is asked for twice in a request: once to check it, once to show it.
        if not hasattr(self, "_form"):
            code = self.request.GET.get("select_locale")
            chosen = next((locale for locale in Locale.objects.all() if locale.language_code == code), None)
            data = self.request.POST if self.request.method == "POST" else None
            self._form = SubmitForm(
                self.object, self.request.user, data, initial={"locales": [chosen]} if chosen else None
            )
        return self._form

    def post(self, request, **kwargs):
        form = self.get_form()
        return self.form_valid(form) if form.is_valid() else self.render_to_response(self.get_context_data(**kwargs))

    def form_valid(self, form):
        locales = list(form.cleaned_data["locales"])
        if isinstance(self.object, Page) and form.cleaned_data["include_subtree"]:
            pages = live_below(self.object) | Page.objects.filter(pk=self.object.pk)
            ordered = submission.order(pages.order_by("path"), locales, self.request.user, str(self.object))
            return redirect("translation:submission", ordered.pk)
        try:
            for locale in locales:
                submission.submit(self.object, locale, self.request.user)
        except ValidationError as error:
            form.add_error("locales", error.messages)
            return self.render_to_response(self.get_context_data())
        names = ", ".join(str(locale.get_display_name()) for locale in locales)
        messages.success(self.request, self.get_success_message(names))
        made = self.object.get_translation(locales[0]) if len(locales) == 1 else None
        return redirect(self.get_success_url() or self.get_default_success_url(made))


class SubmitPage(SubmitMixin, submit_translations.SubmitPageTranslationView):
    """Send a page, and the pages below it if wished."""


class SubmitSnippet(SubmitMixin, submit_translations.SubmitSnippetTranslationView):
    """Send a snippet."""


class NoChoice(forms.Form):
    """Bringing a source up to date asks nothing: it never publishes."""


class Update(update_translations.UpdateTranslationsView):
    """Bring the translators' copy of a source up to date by hand; publishing it again does so by itself."""

    components = ()

    def dispatch(self, request, *args, **kwargs):
        if not request.user.has_perm(rights.SUBMIT):
            raise PermissionDenied
        self.object = self.get_object()
        targets = [translation.get_target_instance() for translation in self.object.translations.filter(enabled=True)]
        source = self.object.get_source_instance()
        rights.require(any(rights.may_change(request.user, item) for item in [source, *targets]))
        return super(update_translations.UpdateTranslationsView, self).dispatch(request, *args, **kwargs)

    def get_object(self):
        return get_object_or_404(TranslationSource, pk=self.kwargs["translation_source_id"])

    def get_form(self):
        return NoChoice(self.request.POST if self.request.method == "POST" else None)

    def post(self, request, **kwargs):
        filled, in_review = sources.bring_up_to_date(self.object)
        words = _("The translators see the present text. From memory: %(filled)s; to review: %(in_review)s.")
        messages.success(request, words % {"filled": filled, "in_review": in_review})
        return redirect(self.get_success_url() or self.get_default_success_url())


class SubmissionView(DetailView):
    """How far an order for many pages has come; the page looks again by itself until it is finished."""

    template_name = "translation/submission.html"
    context_object_name = "submission"

    def get_queryset(self):
        user = self.request.user
        rights.require(user.has_perm(rights.SUBMIT) or rights.languages_of(user))
        return Submission.objects.prefetch_related("locales")

    def get_context_data(self, **kwargs):
        failed = self.object.pages.filter(state="failed").select_related("page")[:50]
        return super().get_context_data(**kwargs) | {
            "progress": submission.progress(self.object),
            "failed": failed,
            "desk_url": reverse("translation:desk"),
        }
