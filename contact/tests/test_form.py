"""The form that editors build: its fields, what is stored of them, and that languages share the keys."""

import pytest
from django.contrib.auth import get_user_model
from wagtail.models import Locale
from wagtail_localize.models import StringSegment, StringTranslation, Translation, TranslationSource

from contact.models import ContactPage, Enquiry
from contact.tests.building import FILLED, build, make_departments
from core.models import QueuedMail
from tests.pages import soup_of

pytestmark = [pytest.mark.django_db, pytest.mark.database]
ADDRESS = "/enquiries/"
SAME = {"origin": "http://testserver"}


@pytest.fixture
def built(site):
    departments = make_departments()
    page = build(site.contact["en"], departments, consent_text="We keep it for a year.", consent_is_asked=True)
    return page, departments


def send(client, address=ADDRESS, **changes):
    data = {name: value for name, value in (FILLED | changes).items() if value is not None}
    return client.post(address, data, headers=SAME)


def test_built_form_is_labelled_described_and_grouped(client, built):
    soup = soup_of(client.get("/contact/"))
    form = soup.select_one("form.enquiry")
    for control in form.select("input:not([type=hidden]), textarea, select"):
        assert form.select_one(f'label[for="{control["id"]}"]'), control
    line = form.select_one('[name="field-post"]')
    assert line.has_attr("required")
    assert form.select_one(f"#{line['aria-describedby']}").text == "As it stands on your badge."
    assert [legend.text.strip() for legend in form.select("fieldset > legend")] == [
        "Where?",
        "Which visits? (optional)",
    ]
    assert len(form.select('[type="radio"][name="field-place"]')) == 3
    assert len(form.select('[type="checkbox"][name="field-visits"]')) == 3
    types = {name: form.select_one(f'[name="field-{name}"]')["type"] for name in ("phone", "units", "day")}
    assert types == {"phone": "tel", "units": "number", "day": "date"}
    assert [option.text for option in form.select("select option")] == ["Please choose", "The Press", "The Secretariat"]
    assert form.select_one('[name="consent"]')["aria-describedby"].strip() == "consent-note"
    names = [control["name"] for control in form.select("[name]")]
    ids = [control["id"] for control in soup.select("[id]")]
    assert len(ids) == len(set(ids))
    assert names.index("field-post") < names.index("message") < names.index("consent")


def test_answers_are_stored_as_read_with_the_keys_of_choices(client, built):
    _page, (_press, secretariat) = built
    assert send(client, department=secretariat.pk).status_code == 302
    enquiry = Enquiry.objects.get()
    assert enquiry.department == secretariat
    assert [(one["key"], one["label"], one["value"], one["choices"]) for one in enquiry.answers] == [
        ("post", "Your post", "Nurse", []),
        ("plan", "Your plan", "One\ntwo", []),
        ("phone", "Telephone", "+44 20 7946 0000", []),
        ("units", "How many units?", "12.50", []),
        ("day", "Which day?", "2027-03-31", []),
        ("place", "Where?", "Cardiff", ["choice-cardiff"]),
        ("visits", "Which visits?", "Leeds\nBelfast", ["choice-leeds", "choice-belfast"]),
    ]
    assert enquiry.consent_text == "We keep it for a year."
    # sha256("We keep it for a year.")
    assert enquiry.consent_version == "56e5973a73f2"


def test_fields_without_an_answer_are_not_stored(client, built):
    _page, (press, _secretariat) = built
    empty = dict.fromkeys(("field-plan", "field-phone", "field-units", "field-day", "field-visits"))
    send(client, department=press.pk, **empty)
    assert [answer["key"] for answer in Enquiry.objects.get().answers] == ["post", "place"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("department", None),
        ("department", "999999"),
        ("department", "x"),
        ("department", "1\x00"),
        ("field-post", None),
        ("field-post", "x" * 300),
        ("field-post", "a\x00b"),
        ("field-plan", "x" * 1_000_000),
        ("field-phone", "call me"),
        ("field-phone", "1" * 100),
        ("field-units", "many"),
        ("field-units", "1e400"),
        ("field-units", "NaN"),
        ("field-day", "31st of March"),
        ("field-day", "2027-02-30"),
        ("field-day", "03/04/2027"),
        ("field-day", "2027-03-31\x00"),
        ("field-place", None),
        ("field-place", "choice-nowhere"),
        ("field-visits", ["choice-leeds", "choice-nowhere"]),
        ("field-visits", ["\x00"]),
        ("consent", None),
    ],
)
def test_wrong_answer_is_told_at_its_field_and_nothing_is_lost(client, built, field, value):
    _page, (press, _secretariat) = built
    response = send(client, **({"department": press.pk} | {field: value}))
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    soup = soup_of(response)
    [link] = soup.select(".error-summary a")
    assert soup.select_one(link["href"])["name"] == field
    assert soup.select_one("p.error").text.strip()
    wrong = soup.select_one(".is-wrong")
    assert wrong.select_one("[aria-invalid=true]") or wrong["aria-invalid"] == "true"
    assert soup.select_one("textarea[name=message]").text.strip() == "Where is the plan?"
    if field != "field-place":
        assert [one["value"] for one in soup.select("[type=radio][checked]")] == ["choice-cardiff"]
    if field != "field-visits":
        boxes = soup.select('[type=checkbox][name="field-visits"][checked]')
        assert [one["value"] for one in boxes] == ["choice-leeds", "choice-belfast"]
    assert not Enquiry.objects.exists()


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("\u202a+44 20 7946 0000\u202c", "+44 20 7946 0000"),
        ("\u200e020 7946 0000", "020 7946 0000"),
        ("020–7946‑0000", "020-7946-0000"),
        ("(020)\u00a07946−0000", "(020) 7946-0000"),
    ],
)
def test_telephone_numbers_are_taken_as_address_books_and_texts_have_them(client, built, typed, stored):
    _page, (press, _secretariat) = built
    assert send(client, department=press.pk, **{"field-phone": typed}).status_code == 302
    assert {one["key"]: one["value"] for one in Enquiry.objects.get().answers}["phone"] == stored


@pytest.mark.parametrize(
    "typed", ["\u200e reader@example.org", "\u202areader@example.org\u202c", "reader@example.org\u200b"]
)
def test_addresses_are_taken_without_marks_that_nobody_sees(client, built, typed):
    _page, (press, _secretariat) = built
    assert send(client, department=press.pk, email=typed).status_code == 302
    assert Enquiry.objects.get().email == "reader@example.org"


def test_box_of_other_pages_has_no_further_fields_and_goes_to_the_first_department(client, built):
    _page, (press, _secretariat) = built
    response = client.post(ADDRESS, {"email": "reader@example.org", "message": "Hello"}, headers=SAME)
    assert response.status_code == 302
    enquiry = Enquiry.objects.get()
    assert (enquiry.department, enquiry.answers, enquiry.consent_text) == (press, [], "")


def test_error_in_the_box_asks_for_no_more_than_the_box(client, built):
    response = client.post(ADDRESS, {"email": "reader", "message": "Hello"}, headers=SAME)
    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["email"]
    form = soup_of(response).select_one("form.enquiry")
    assert not form.select('[name^="field-"], [name="department"], [name="whole"]')


def test_the_same_words_to_another_department_are_another_enquiry(client, built):
    _page, (press, secretariat) = built
    for department in (press, secretariat, secretariat):
        assert send(client, department=department.pk).status_code == 302
    found = Enquiry.objects.order_by("pk").values_list("department__name", "state")
    assert list(found) == [("Press", "new"), ("Secretariat", "new")]
    told = QueuedMail.objects.values_list("recipients", flat=True)
    assert {"press@portal.example\ndesk@portal.example", "secretariat@portal.example"} <= set(told)


def test_a_corrected_name_is_kept_and_one_left_out_takes_none_away(client, built):
    _page, (press, _secretariat) = built
    for name in ("A Raeder", "A Reader", ""):
        assert send(client, department=press.pk, name=name).status_code == 302
    assert Enquiry.objects.get().name == "A Reader"


def test_one_department_is_not_asked_for(client, site):
    press, _secretariat = make_departments()
    build(site.contact["en"], [press], fields=())
    assert b"<select" not in client.get("/contact/").content
    assert send(client).status_code == 302
    assert Enquiry.objects.get().department == press


def test_deleted_department_is_left_out(client, built):
    _page, (press, secretariat) = built
    press.delete()
    assert send(client).status_code == 302
    assert Enquiry.objects.get().department == secretariat


def test_fields_made_in_code_get_keys_that_stay(site):
    page = site.contact["en"]
    page.form_fields = [("one_of", {"label": "Where?", "is_required": True, "choices": ["Leeds", "Cardiff"]})]
    page.save()

    def keys():
        form = ContactPage.objects.get(pk=page.pk).form
        [name] = form.built
        return name, [key for key, _words in form.fields[name].choices]

    first = keys()
    assert all(len(key) == 36 for key in (first[0].removeprefix("field-"), *first[1]))
    page = ContactPage.objects.get(pk=page.pk)
    page.phone = "0113 496 0132"
    page.save()
    assert keys() == first


def translate(page, words):
    """Translate a page into Welsh by wagtail-localize, and return what was offered with the translated page."""
    source, _created = TranslationSource.update_or_create_from_instance(page)
    welsh = Locale.objects.get(language_code="cy")
    record, _created = Translation.objects.get_or_create(source=source, target_locale=welsh)
    segments = StringSegment.objects.filter(source=source).select_related("string", "context")
    offered = {segment.context.path: segment.string.data for segment in segments}
    for segment in segments:
        if segment.string.data in words:
            StringTranslation.objects.create(
                translation_of=segment.string,
                context=segment.context,
                locale=welsh,
                data=words[segment.string.data],
            )
    record.save_target(user=get_user_model().objects.create_superuser("boss", "boss@portal.example", "x"))
    return offered, ContactPage.objects.get(translation_key=page.translation_key, locale=welsh)


def test_welsh_form_has_welsh_words_and_the_same_keys(client, site, built):
    page, departments = built
    site.contact["cy"].delete()
    words = {
        "Your post": "Eich swydd",
        "Where?": "Ble?",
        "Cardiff": "Caerdydd",
        "Leeds": "Leeds",
        "The Press": "Y Wasg",
    }
    offered, welsh = translate(page, words)
    of_the_form = {path: words for path, words in offered.items() if path.startswith(("form_fields", "departments"))}
    assert of_the_form["form_fields.post.label"] == "Your post"
    assert of_the_form["form_fields.place.choices.choice-cardiff"] == "Cardiff"
    assert {"The Press", "The Secretariat"} <= set(of_the_form.values())
    assert not [path for path in offered if path.endswith(("is_required", "department"))]
    assert [child.id for child in welsh.form_fields] == [child.id for child in page.form_fields]
    welsh.save_revision().publish()
    response = send(client, "/cy/enquiries/", department=departments[1].pk)
    assert response.status_code == 302
    enquiry = Enquiry.objects.get()
    assert enquiry.department == departments[1]
    by_key = {answer["key"]: answer for answer in enquiry.answers}
    assert (by_key["place"]["label"], by_key["place"]["value"]) == ("Ble?", "Caerdydd")
    assert by_key["place"]["choices"] == ["choice-cardiff"]
    assert by_key["post"]["label"] == "Eich swydd"


def test_what_is_no_number_or_date_stays_to_be_seen(client, built):
    response = send(client, **{"field-units": "a dozen", "field-day": "next week"})
    html = response.content.decode()
    assert response.status_code == 422
    for words in ("a dozen", "next week"):
        assert f'type="text" value="{words}"' in html
