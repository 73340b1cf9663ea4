"""The form that readers write to us with."""

from django import forms
from django.utils.translation import gettext_lazy as _

from contact.blocks import choices_of
from core.forms import TOO_LONG, AddressForm, LineField, ParagraphsField

MESSAGE_LIMIT = 10_000
# Twenty fields of several lines.
LEFT_OVER_LIMIT = 100_000
LEFT_OVER = _("Answers to fields that the form no longer has")


class EnquiryForm(AddressForm):
    """A message to the team.

    Args:
        data: what was posted, or None.
        page: the contact page, or None.
        is_whole: whether it is the form of that page, with the fields that editors built, and not the small box that
            stands on every page.
    """

    name = LineField(
        label=_("Your name"),
        required=False,
        max_length=120,
        error_messages={"max_length": TOO_LONG},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    message = ParagraphsField(
        label=_("Your message"),
        max_length=MESSAGE_LIMIT,
        error_messages={
            "required": _("Write your message."),
            "max_length": _("Your message is too long: %(show_value)d characters. At most %(limit_value)d fit here."),
        },
        widget=forms.Textarea(attrs={"rows": 6}),
    )

    field_order = ["department", "name", "email"]

    def __init__(self, data=None, page=None, is_whole=True):
        super().__init__(data)
        self.page = page
        self.is_whole = is_whole and page is not None
        self.departments = departments_of(page) if page else {}
        self.built = {}
        if self.is_whole:
            self._build()

    def _build(self):
        message = self.fields.pop("message")
        if len(self.departments) > 1:
            self.fields["department"] = self._department_field()
        for place, child in enumerate(self.page.form_fields):
            name = f"field-{child.id or place}"
            self.built[name] = child
            self.fields[name] = child.block.form_field(child.value)
        self.fields["message"] = message
        if self.page.consent_is_asked and self.page.consent_text:
            self.fields["consent"] = forms.BooleanField(
                label=_("I agree to this use of what I write."),
                error_messages={"required": _("Tick the box if you agree. Without it we may not keep your message.")},
            )
        self.order_fields(self.field_order)

    def _department_field(self):
        names = [(str(pk), name) for pk, (_department, name) in self.departments.items()]
        return forms.ChoiceField(
            label=_("What is it about?"),
            choices=[("", _("Please choose")), *names],
            error_messages={
                "required": _("Choose what your message is about."),
                "invalid_choice": _("Choose what your message is about."),
            },
        )

    def built_fields(self):
        """Return the fields that editors built, as the template shows them."""
        return [self[name] for name in self.built]

    @property
    def consent_text(self):
        """What the sender was told would happen to the data: the small box says nothing."""
        return self.page.consent_text if self.is_whole else ""

    def department(self):
        """Return the department that was chosen, or None; it counts as well where it can no longer be chosen."""
        chosen = self.data.get("department")
        return next((department for pk, (department, _name) in self.departments.items() if str(pk) == chosen), None)

    def answers(self):
        """Return what is stored of the fields that editors built, as ``Enquiry.answers`` has it.

        What was written in a field that the form no longer has, since the page was changed or closed after the sender
        had opened it, is one answer more.
        """
        stored = []
        for name, child in self.built.items():
            cleaned = self.cleaned_data[name]
            if cleaned not in (None, "", []):
                words, choices = child.block.answer(child.value, cleaned)
                key, label = name.removeprefix("field-"), child.value["label"]
                stored.append({"key": key, "label": label, "value": words, "choices": choices})
        if left := "\n".join(self._left_over())[:LEFT_OVER_LIMIT]:
            stored.append({"key": "left", "label": str(LEFT_OVER), "value": left, "choices": []})
        return stored

    def _left_over(self):
        """Yield the words in each field that the form no longer has, after its label where the page still knows it."""
        known = {f"field-{child.id}": child.value for child in self.page.form_fields} if self.page else {}
        for name in self.data:
            if name.startswith("field-") and name not in self.fields:
                field = known.get(name, {})
                choices = dict(choices_of(field)) if "choices" in field else {}
                written = [words.replace("\0", "").strip() for words in self.data.getlist(name)]
                if words := ", ".join(choices.get(one, one) for one in written if one):
                    words = words.replace("\r\n", "\n")
                    yield f"{field['label']}: {words}" if field else words


def departments_of(page):
    """Return {id: (department, name for readers)} in the order of the page, without those that were deleted."""
    chosen = [(child.value["department"], child.value["label"]) for child in page.departments]
    return {department.pk: (department, label or department.name) for department, label in chosen if department}
