"""The edit form of the accessibility statement."""

from django.utils.translation import gettext_lazy as _

from core.page_forms import PageForm
from home.blocks import FAILURE


class StatementForm(PageForm):
    """A statement must not contradict itself, and must say whom to tell.

    It is asked here, not of the model: facts follow into translations whose words are not yet up to date.
    """

    def clean(self):
        cleaned = super().clean()
        if self.is_deferred_validation:
            return cleaned
        if not cleaned.get("email") and not cleaned.get("phone"):
            self.add_error("email", _("Give an e-mail address or a telephone number."))
        failures = [block for block in cleaned.get("barriers") or () if block.value["reason"] == FAILURE]
        if failures and cleaned.get("conformance") == self.instance.Conformance.FULL:
            self.add_error("conformance", _("With barriers that do not conform yet, the site conforms in part."))
        if not failures and cleaned.get("conformance") == self.instance.Conformance.PART:
            self.add_error("barriers", _("Say what does not conform yet."))
        return cleaned
