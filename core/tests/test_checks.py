"""House rules: each check finds what it is for."""

from django.apps import apps
from django.conf import settings
from wagtail.models import Page

from core import checks
from news.models import ArticlePage, Topic


def test_our_own_models_keep_the_rules():
    assert checks.every_field_is_decided(None) == []
    assert checks.every_page_type_has_its_place(None) == []
    assert checks.every_page_type_has_its_template(None) == []


def test_a_forgotten_field_is_found(monkeypatch):
    fields = [field for field in Topic.translatable_fields if field.field_name != "description"]
    monkeypatch.setattr(Topic, "translatable_fields", fields)
    assert [error.msg for error in checks.every_field_is_decided(None)] == [
        "Topic.description is neither translated nor synchronised."
    ]


def test_a_page_type_without_parents_is_found(monkeypatch):
    monkeypatch.delattr(ArticlePage, "parent_page_types")
    assert [error.id for error in checks.every_page_type_has_its_place(None)] == ["portal.E003"]


def test_models_of_an_app_that_nobody_listed_are_checked(monkeypatch):
    [somebody_elses] = (app for app in apps.get_app_configs() if app.name == "wagtail")
    assert Page not in checks.own_models(Page)
    monkeypatch.setattr(somebody_elses, "path", str(settings.BASE_DIR / "events"))
    assert Page in checks.own_models(Page)


def test_a_page_type_without_its_template_is_found(monkeypatch):
    monkeypatch.setattr(ArticlePage, "template", "news/event_page.html")
    assert [error.msg for error in checks.every_page_type_has_its_template(None)] == [
        "ArticlePage has no template: news/event_page.html is missing."
    ]
    monkeypatch.setattr(ArticlePage, "serve", lambda page, request: None)
    assert checks.every_page_type_has_its_template(None) == []
