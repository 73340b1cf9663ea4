"""Days that Django 5.2 takes from a form although nothing can be done with them, mended for all forms in one place.

The first and the last year that Python knows are not whole in every time zone: whoever shows, stores or compares a
moment in one of them meets an ``OverflowError``. ``core/tests/test_upstream.py`` shows the fault on the methods that
were replaced, so that an entry can go when Django has mended it.
"""

from functools import wraps

from django import forms
from django.core.exceptions import ValidationError

YEARS = range(2, 9999)

MENDED = (
    # https://github.com/django/django/blob/5.2.19/django/forms/fields.py#L488
    forms.DateField,
    # https://github.com/django/django/blob/5.2.19/django/forms/fields.py#L510
    forms.DateTimeField,
)


def mend():
    """Replace ``to_python``, once when Django starts; the former ones stay as its ``__wrapped__``."""
    for field in MENDED:
        field.to_python = _in_whole_years(field.to_python)


def _in_whole_years(to_python):
    @wraps(to_python)
    def checked(self, value):
        found = to_python(self, value)
        if found is not None and found.year not in YEARS:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return found

    return checked
