"""The forms that the admin asks about a page with: to edit it, and to copy it."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.forms.pages import CopyForm


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
