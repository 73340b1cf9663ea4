"""A contact page with a form that editors built, as tests need it."""

from contact.models import Department

CHOICES = [{"type": "item", "id": f"choice-{name}", "value": name.title()} for name in ("leeds", "cardiff", "belfast")]
FIELDS = [
    ("line", "post", {"label": "Your post", "help_text": "As it stands on your badge.", "is_required": True}),
    ("paragraphs", "plan", {"label": "Your plan", "help_text": "", "is_required": False}),
    ("telephone", "phone", {"label": "Telephone", "help_text": "", "is_required": False}),
    ("number", "units", {"label": "How many units?", "help_text": "", "is_required": False}),
    ("date", "day", {"label": "Which day?", "help_text": "", "is_required": False}),
    ("one_of", "place", {"label": "Where?", "help_text": "One only.", "is_required": True, "choices": CHOICES}),
    ("any_of", "visits", {"label": "Which visits?", "help_text": "", "is_required": False, "choices": CHOICES}),
]
FILLED = {
    "whole": "1",
    "name": "A Reader",
    "email": "reader@example.org",
    "message": "Where is the plan?",
    "field-post": "Nurse",
    "field-plan": "One\r\ntwo",
    "field-phone": "+44 20 7946 0000",
    "field-units": "12.50",
    "field-day": "2027-03-31",
    "field-place": "choice-cardiff",
    "field-visits": ["choice-leeds", "choice-belfast"],
    "consent": "1",
}


def make_departments():
    """Return a press office with two recipients, and a secretariat."""
    press = Department.objects.create(name="Press", recipients="press@portal.example\ndesk@portal.example")
    return press, Department.objects.create(name="Secretariat", recipients="secretariat@portal.example")


def build(page, departments=(), fields=FIELDS, **values):
    """Give a contact page departments and fields, and save it."""
    page.form_fields = page.form_fields.stream_block.to_python(
        [{"type": kind, "id": key, "value": value} for kind, key, value in fields]
    )
    page.departments = page.departments.stream_block.to_python(
        [{"type": "department", "value": {"department": one.pk, "label": f"The {one}"}} for one in departments]
    )
    for name, value in values.items():
        setattr(page, name, value)
    page.save()
    return page
