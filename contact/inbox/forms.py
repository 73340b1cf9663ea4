"""The forms on the page of an enquiry, and the choices of the list."""

from django import forms
from django.utils.translation import gettext_lazy as _

from contact.inbox.permissions import name_of, people
from contact.models import Department

LONGEST_NOTE = 5000
LONGEST_REPLY = 20_000


class ActionForm(forms.Form):
    """A button; its fields are the arguments of the function in ``changes`` that it stands for."""

    use_required_attribute = False

    def __init__(self, *args, enquiry, **kwargs):
        super().__init__(*args, **kwargs)
        self.enquiry = enquiry


class PersonField(forms.ModelChoiceField):
    def label_from_instance(self, obj):
        return name_of(obj)


class AssignForm(ActionForm):
    person = PersonField(label=_("Assigned to"), queryset=None, required=False, empty_label=_("Nobody"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = people(self.enquiry.department)
        self.initial["person"] = self.enquiry.assigned_to_id


class DepartmentForm(ActionForm):
    department = forms.ModelChoiceField(
        label=_("Department"), queryset=Department.objects.all(), required=False, empty_label=_("None")
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["department"] = self.enquiry.department_id


class WordsField(forms.CharField):
    """Plain text in the direction of its own letters, with the ends of lines that a mail and a text area share."""

    def __init__(self, rows, **kwargs):
        super().__init__(widget=forms.Textarea(attrs={"rows": rows, "dir": "auto"}), **kwargs)

    def to_python(self, value):
        return super().to_python(value).replace("\r\n", "\n")


class NoteForm(ActionForm):
    note = WordsField(
        4, label=_("Note for the team"), max_length=LONGEST_NOTE, error_messages={"required": _("Write a note.")}
    )


class ReplyForm(ActionForm):
    reply = WordsField(
        10, label=_("Reply"), max_length=LONGEST_REPLY, error_messages={"required": _("Write your reply.")}
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reply"].widget.attrs["lang"] = self.enquiry.language
