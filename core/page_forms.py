"""The forms that the admin asks about a page with: to edit it, and to copy it."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.forms.pages import CopyForm
from wagtail.models import COMMENTS_RELATION_NAME


class PageForm(WagtailAdminPageForm):
    """The edit form; it lets a page know when only a draft is saved, which may be unfinished."""

    def _post_clean(self):
        self.instance.is_only_draft = self.is_deferred_validation
        super()._post_clean()
        if not self.is_deferred_validation:
            try:
                self.instance.clean_for_readers()
            except ValidationError as error:
                self._update_errors(error)

    def save(self, commit=True):
        for relation, rows in self.formsets.items():
            if relation != COMMENTS_RELATION_NAME:
                take_once(rows)
        return super().save(commit)


def take_once(rows):
    """Let a row of a formset that is not stored be the stored one of the same values that its sender did not know of.

    Wagtail saves a page by itself, and a person who saves in that moment sends the same new rows again, without keys.
    """
    editable = {field.name for field in rows.model._meta.fields if field.editable and not field.primary_key}
    known = {form.instance.pk for form in rows.forms}
    unseen = [row for row in getattr(rows.instance, rows.rel_name).all() if row.pk and row.pk not in known]
    for form in (form for form in rows.forms if not form.instance.pk):
        given = [(name, form.cleaned_data.get(name)) for name in form.fields.keys() & editable]
        same = (row for row in unseen if all(getattr(row, name) == value for name, value in given))
        if (row := next(same, None)) is not None:
            form.instance.pk = row.pk
            unseen.remove(row)


class PageCopyForm(CopyForm):
    """The form of a copy; it refuses what could never be put right, or not be saved at all."""

    def clean(self):
        cleaned = super().clean()
        parent = cleaned.get("new_parent_page")
        if parent is not None and parent.locale_id != self.page.locale_id:
            message = _("A copy keeps its language, and this page has another. Choose “Translate this page” instead.")
            self.add_error("new_parent_page", message)
        try:
            self.page.specific_class.check_slug(cleaned.get("new_slug"))
        except ValidationError as error:
            self.add_error("new_slug", error)
        return cleaned
