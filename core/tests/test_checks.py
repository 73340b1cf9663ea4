"""House rules: each check finds what it is for."""

from core import checks
from news.models import ArticlePage, Topic


def test_our_own_models_keep_the_rules():
    assert checks.every_field_is_decided(None) == []
    assert checks.every_page_type_has_its_place(None) == []


def test_a_forgotten_field_is_found(monkeypatch):
    fields = [field for field in Topic.translatable_fields if field.field_name != "description"]
    monkeypatch.setattr(Topic, "translatable_fields", fields)
    assert [error.msg for error in checks.every_field_is_decided(None)] == [
        "Topic.description is neither translated nor synchronised."
    ]


def test_a_page_type_without_parents_is_found(monkeypatch):
    monkeypatch.delattr(ArticlePage, "parent_page_types")
    assert [error.id for error in checks.every_page_type_has_its_place(None)] == ["portal.E003"]
