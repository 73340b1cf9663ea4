"""Rows of lists know the language of their words, and whether they are an alias."""

from django.db import migrations, models
from django.db.models import Exists, OuterRef, Subquery
from django.db.models.functions import Coalesce


def fill(apps, schema_editor):
    pages = apps.get_model("wagtailcore", "Page").objects.filter(pk=OuterRef("page_id")).order_by()
    language = Coalesce("alias_of__locale__language_code", "locale__language_code")
    apps.get_model("news", "ArticleListing").objects.update(
        language=Subquery(pages.annotate(code=language).values("code")[:1]),
        is_alias=Exists(pages.filter(alias_of__isnull=False)),
    )


class Migration(migrations.Migration):

    dependencies = [
        ("news", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="articlelisting",
            name="is_alias",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="articlelisting",
            name="language",
            field=models.CharField(default="", max_length=12),
            preserve_default=False,
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
