"""What Django 5.2 and Wagtail 8.0.1 take as it was typed, refuse without a word or say in another language, mended.

Each fault is shown on the method that was replaced (``core/tests``: ``test_upstream.py``, ``test_readiness.py``,
``test_rows.py``, ``test_spreadsheets.py``, ``test_bulk_publishing.py``; ``tests/test_catalogues.py``), so that an
entry can go when it is mended there. What Wagtail does wrong where two do something at once is mended in
``delivery.upstream``.
"""

from datetime import datetime
from functools import wraps

from django import forms
from django.core.exceptions import ValidationError
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.utils.translation.trans_real import DjangoTranslation
from modelcluster.forms import BaseTransientModelFormSet
from wagtail.admin import messages
from wagtail.admin.utils import set_query_params
from wagtail.admin.views.generic import EditView
from wagtail.admin.views.mixins import SpreadsheetExportMixin
from wagtail.admin.views.pages.bulk_actions.publish import PublishBulkAction
from wagtail.admin.views.pages.workflow import WorkflowActionView
from wagtail.log_actions import log
from wagtail.models import Comment, Page, RevisionMixin
from wagtail.signals import page_published

from core import readiness, unseen
from core.spreadsheets import plain

# Django's Welsh has them as "Gorffenaf". Our catalogues go before Django's, and hold what stands in our code.
JULY = (gettext_lazy("July"), pgettext_lazy("alt. month", "July"))
YEARS = range(2, 9999)
DAYS = (
    # https://github.com/django/django/blob/5.2.19/django/forms/fields.py#L488
    forms.DateField,
    # https://github.com/django/django/blob/5.2.19/django/forms/fields.py#L510
    forms.DateTimeField,
)

stock_get_form = EditView.get_form
stock_get_context_data = EditView.get_context_data
stock_clean_bound_field = forms.DateTimeField._clean_bound_field
stock_post = WorkflowActionView.post
stock_preprocess = SpreadsheetExportMixin.preprocess_field_value
stock_fallback = DjangoTranslation._add_fallback
stock_add_fields = BaseTransientModelFormSet.add_fields
stock_should_delete = BaseTransientModelFormSet._should_delete_form
stock_execute_action = PublishBulkAction.execute_action.__func__


def in_whole_years(to_python):
    """Return a field's ``to_python`` that refuses the first and the last year that Python knows.

    They are not whole in every time zone: whoever shows, stores or compares a moment in one of them meets an
    ``OverflowError``.
    """

    @wraps(to_python)
    def checked(self, value):
        found = to_python(self, value)
        if found is not None and found.year not in YEARS:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return found

    return checked


@wraps(stock_get_form)
def get_form(self, form_class=None):
    """Refuse an older form of whatever has no versions to go back to: the last one wins there, without a word.

    https://github.com/wagtail/wagtail/issues/2565
    """
    form = stock_get_form(self, form_class)
    if isinstance(self.object, RevisionMixin):
        return form
    panels = getattr(self, "permission_panel_forms", [])
    self.version = unseen.version_of(self.object, form.initial, *(panel.initial for panel in panels))
    if form.is_bound and unseen.is_older(self.request, self.version):
        form.add_error(None, unseen.CROSSED)
    return form


def get_context_data(self, **kwargs):
    """Let a form be sent with the version that it shows, so that who was told of another may save once more."""
    context = stock_get_context_data(self, **kwargs)
    if self.version:
        context["action_url"] = set_query_params(context["action_url"], {"version": self.version})
    return context


def clean_bound_field(field, bound):
    """Keep a moment that nobody touched as it is stored: a form shows no seconds, and the hour that exists twice once.

    Each correction cut them off, and so changed the order of two articles of a minute; what went live in that hour
    could not be corrected. https://github.com/django/django/blob/5.2.19/django/forms/fields.py#L270
    """
    stored = bound.form.initial.get(bound.name)
    is_moment = isinstance(stored, datetime) and not field.disabled
    is_untouched = is_moment and bound.data == field.widget.format_value(field.prepare_value(stored))
    return field.clean(stored) if is_untouched else stock_clean_bound_field(field, bound)


def post(self, request, *args, **kwargs):
    """Say what is missing: the last approval publishes, and fails there in the middle of the request.

    https://github.com/wagtail/wagtail/blob/v8.0.1/wagtail/admin/views/generic/workflow.py#L125
    """
    words = readiness.refuse([self.object]) if self.action_name == "approve" else ""
    if not words:
        return stock_post(self, request, *args, **kwargs)
    messages.error(request, words)
    if request.headers.get("x-requested-with") == "XMLHttpRequest":
        return self.render_modal_json(request, {"step": "success", "redirect": self.redirect_url})
    return redirect(self.redirect_url)


def execute_action(cls, objects, include_descendants=False, user=None, **kwargs):
    """Publish several pages; Wagtail asks an alias for its versions, which it has none of.

    https://github.com/wagtail/wagtail/issues/10994
    """
    ticked = publish_each(cls, objects, user)
    # Who may publish a page may publish what is below it.
    below = [draft for page in objects for draft in page.get_descendants().not_live()] if include_descendants else []
    return ticked, publish_each(cls, below, user)


def publish_each(cls, pages, user):
    """Publish pages, last those that show another, and return how many are live now."""
    published, _below = stock_execute_action(cls, [page for page in pages if not page.alias_of_id], user=user)
    return published + sum(show_again(page.pk, user) for page in pages if page.alias_of_id)


def show_again(pk, user):
    """Make an alias live if what it shows is, and return whether it is; its words are always those of its source."""
    alias = Page.objects.get(pk=pk).specific
    if not alias.live and alias.alias_of.live:
        alias.live, alias.has_unpublished_changes = True, False
        alias.save(clean=False)
        page_published.send(sender=type(alias), instance=alias, revision=None, alias=True)
        log(instance=alias, action="wagtail.publish", user=user)
    return alias.live


class RowField(forms.ModelChoiceField):
    """The id of a row in a form, taken as it is: the formset looks for it among the rows of its version."""

    def to_python(self, value):
        return value or None


def add_fields(self, form, index):
    """Take rows that are in the database no more: topics and authors of an older version, say.

    Django looks there for their ids, and refuses them at a field that nobody sees: the version could not be brought
    back, nor a form be saved while which somebody else took a row away.
    https://github.com/wagtail/wagtail/issues/4173
    """
    stock_add_fields(self, form, index)
    stock = form.fields[self._pk_field.name]
    form.fields[self._pk_field.name] = RowField(
        stock.queryset, initial=stock.initial, required=False, widget=stock.widget
    )


def should_delete(self, form):
    """Leave comments that are gone as they are: a form would bring them back, as said by whoever sends it."""
    is_gone = form.instance.pk is None and form.cleaned_data.get(self._pk_field.name)
    return stock_should_delete(self, form) or bool(is_gone and self.model is Comment)


def preprocess_field_value(self, field, value, export_format):
    """Write words as a spreadsheet shows them, in every list and report: a title may begin as a formula does.

    https://github.com/wagtail/wagtail/blob/v8.0.1/wagtail/admin/views/mixins.py#L199
    """
    written = stock_preprocess(self, field, value, export_format)
    return plain(written) if isinstance(written, str) else written


def no_fallback(catalogue, localedirs=None):
    """What a language has no words for is said in the default language: in Arabic between French, say.

    English, which the code is written in, is at least read by many.
    https://github.com/django/django/blob/5.2.19/django/utils/translation/trans_real.py#L235
    """


def mend():
    """Replace the methods, once when Django starts."""
    for field in DAYS:
        field.to_python = in_whole_years(field.to_python)
    EditView.version, EditView.get_form, EditView.get_context_data = "", get_form, get_context_data
    forms.DateTimeField._clean_bound_field = clean_bound_field
    WorkflowActionView.post = post
    PublishBulkAction.execute_action = classmethod(execute_action)
    SpreadsheetExportMixin.preprocess_field_value = preprocess_field_value
    DjangoTranslation._add_fallback = no_fallback
    BaseTransientModelFormSet.add_fields = add_fields
    BaseTransientModelFormSet._should_delete_form = should_delete
