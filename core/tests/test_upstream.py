"""What forms make of days and moments: those of no time zone are refused, and what nobody touched stays as it is."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from core import upstream
from news.models import ArticlePage
from tests.factories import make_article
from tests.soak.admin_acts import fields, streams

# The clocks of London went back between the first two.
HARD_TO_SHOW = [
    ("published_on", datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
    ("updated_on", datetime(2026, 10, 25, 1, 30, tzinfo=UTC)),
    ("published_on", datetime(2026, 11, 2, 9, 0, 40, tzinfo=UTC)),
]
EDGES = [("0001-01-01 00:00", "Asia/Tokyo"), ("9999-12-31 23:59", "America/Los_Angeles")]


@pytest.mark.parametrize(("moment", "zone"), EDGES)
def test_django_takes_a_moment_that_has_no_other_time_zone(moment, zone):
    with timezone.override(ZoneInfo(zone)):
        taken = forms.DateTimeField.to_python.__wrapped__(forms.DateTimeField(), moment)
        with pytest.raises(OverflowError):
            taken.astimezone(UTC)
        with pytest.raises(ValidationError, match="valid date/time"):
            forms.DateTimeField().clean(moment)


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_django_takes_a_day_that_no_time_zone_has_whole(day):
    assert forms.DateField.to_python.__wrapped__(forms.DateField(), day) == date.fromisoformat(day)
    with pytest.raises(ValidationError, match="valid date"):
        forms.DateField().clean(day)


def test_other_days_are_taken_as_they_were():
    assert forms.DateField(required=False).clean("") is None
    assert forms.DateField().clean("0002-01-01") == date(2, 1, 1)
    assert forms.DateTimeField().clean("9998-12-31 23:59").year == 9998


@pytest.mark.django_db
@pytest.mark.database
@pytest.mark.parametrize("field", ["published_on", "updated_on", "go_live_at", "expire_at"])
@pytest.mark.parametrize(("moment", "zone"), EDGES)
def test_an_article_with_such_a_moment_is_refused_in_words(admin_client, site, settings, field, moment, zone):
    settings.TIME_ZONE = zone
    article = make_article(site)
    address = f"/admin/pages/{article.pk}/edit/"
    form = dict(fields(admin_client.get(address).text)) | streams("As it is now.")
    response = admin_client.post(address, form | {field: moment, "action-publish": "1"})
    assert response.status_code == 200
    assert "Enter a valid date/time." in response.content.decode()


@pytest.mark.django_db
@pytest.mark.database
@pytest.mark.parametrize("zone", ["Asia/Tokyo", "America/Los_Angeles"])
@pytest.mark.parametrize("moment", [datetime(2, 1, 1, tzinfo=UTC), datetime(9998, 12, 31, 23, 59, tzinfo=UTC)])
def test_articles_of_the_first_and_the_last_year_are_shown_everywhere(client, site, settings, zone, moment):
    settings.TIME_ZONE = zone
    make_article(site, published_on=moment)
    for address in (
        *("/", "/news/", "/news/feed/", "/news/atom/", "/news/json/", "/news/an-article/", "/news/an-article.md"),
        *("/news/an-article.bib", "/news/topics/policy/", "/search/?q=article", "/sitemap.xml", "/sitemap-news.xml"),
    ):
        assert client.get(address).status_code == 200, address


@pytest.mark.django_db
@pytest.mark.database
@pytest.mark.parametrize("is_stock", [False, True])
@pytest.mark.parametrize(("field", "moment"), HARD_TO_SHOW)
def test_a_correction_leaves_a_moment_as_it_is(admin_client, site, settings, monkeypatch, field, moment, is_stock):
    settings.TIME_ZONE = "Europe/London"
    if is_stock:
        monkeypatch.setattr(forms.DateTimeField, "_clean_bound_field", upstream.stock_clean_bound_field)
    article = make_article(site, **({"published_on": moment.replace(day=1)} | {field: moment}))
    address = f"/admin/pages/{article.pk}/edit/"
    form = dict(fields(admin_client.get(address).text)) | streams("As it is now.")
    admin_client.post(address, form | {"title": "Corrected", "action-publish": "1"})
    stored = ArticlePage.objects.get(pk=article.pk)
    assert ((stored.title, getattr(stored, field)) == ("Corrected", moment)) is not is_stock
