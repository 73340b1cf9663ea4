"""What an editor's browser is told of the blocks of a StreamField: made once, and the same as Wagtail makes it."""

import random
import re

import pytest
from django.apps import apps
from django.utils import translation
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.blocks.base import BlockWidget
from wagtail.fields import StreamField

from core.blocks.widget import PackedBlockWidget

FIELDS = [field for model in apps.get_models() for field in model._meta.get_fields() if isinstance(field, StreamField)]


def told(widget):
    # What is empty at first has a random name: a paragraph, and an item of a list.
    random.seed(1)
    return re.sub(r'"id": "[0-9a-f-]{36}"', '"id": ""', widget.block_json), str(widget.media)


def form(field):
    class Form(WagtailAdminModelForm):
        class Meta(WagtailAdminModelForm.Meta):
            model = field.model
            fields = [field.name]

    return Form()


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "cy", "ar"])
def test_it_depends_on_nothing_but_the_language(language, django_assert_num_queries):
    assert FIELDS
    with translation.override(language), django_assert_num_queries(0):
        for field in FIELDS:
            assert told(PackedBlockWidget(field.stream_block)) == told(BlockWidget(field.stream_block))


@pytest.mark.django_db
def test_all_forms_have_what_the_first_one_made(monkeypatch):
    for field in FIELDS:
        in_english = told(form(field).fields[field.name].widget)
        with translation.override("cy"):
            assert told(form(field).fields[field.name].widget) != in_english
        with monkeypatch.context() as patched:
            patched.setattr(BlockWidget, "_build_block_json", lambda self: pytest.fail("made again"))
            assert told(form(field).fields[field.name].widget) == in_english
