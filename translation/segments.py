"""The sentences of a source, read and stored in a fixed number of queries.

wagtail-localize stores them one by one: about four queries for each sentence.
"""

import json
import uuid

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from wagtail_localize.models import (
    OverridableSegment,
    RelatedObjectSegment,
    String,
    StringSegment,
    Template,
    TemplateSegment,
    TranslatableObject,
    TranslationContext,
)
from wagtail_localize.segments import (
    OverridableSegmentValue,
    RelatedObjectSegmentValue,
    StringSegmentValue,
    TemplateSegmentValue,
)
from wagtail_localize.segments.extract import extract_segments

from delivery import references

CHUNK = 400


def extracted(instance):
    """Return the segment values of a page or snippet, with what its body refers to loaded together."""
    with references.scope():
        if hasattr(instance, "announce_references"):
            instance.announce_references(references.current())
        return extract_segments(instance)


def identities(model, field, values, **fixed):
    """Return {value: row} of the rows whose field has one of these values.

    Args:
        model: the model to look in.
        field: a field whose values are unique among the rows with ``fixed``.
        values: the values to find.
        fixed: what else the rows must have.
    """
    found = {}
    values = list(values)
    for start in range(0, len(values), CHUNK):
        rows = model.objects.filter(**fixed, **{f"{field}__in": values[start : start + CHUNK]})
        found |= {getattr(row, field): row for row in rows}
    return found


def ensured(model, field, wanted, **fixed):
    """Return {value: row}, making the rows that are missing.

    Args:
        model, field, fixed: as for ``identities``.
        wanted: {value: unsaved row}.
    """
    found = identities(model, field, wanted, **fixed)
    missing = [row for value, row in wanted.items() if value not in found]
    if missing:
        model.objects.bulk_create(missing, ignore_conflicts=True, batch_size=CHUNK)
        found |= identities(model, field, [getattr(row, field) for row in missing], **fixed)
    return found


@transaction.atomic
def refresh(source):
    """Bring the segments of a ``TranslationSource`` in line with its frozen content.

    Segments that did not change keep their rows, so that an open editor still finds them.
    """
    instance = source.as_instance()
    values = extracted(instance)
    contexts = _contexts(source, instance, values)
    kinds = {
        StringSegment: _string_rows(source, values),
        TemplateSegment: _template_rows(values),
        RelatedObjectSegment: _related_rows(values),
        OverridableSegment: _overridable_rows(values),
    }
    for model, rows in kinds.items():
        _replace(model, source, [(contexts[path], order, extra) for path, order, extra in rows])


def _contexts(source, instance, values):
    """Return {path: context id}, with the field paths that the editor asks for already worked out."""
    paths = {TranslationContext._get_path_id(value.path): value.path for value in values}
    wanted = {
        path_id: TranslationContext(object_id=source.object_id, path_id=path_id, path=path)
        for path_id, path in paths.items()
    }
    known = identities(TranslationContext, "path_id", wanted, object_id=source.object_id)
    for path_id, context in wanted.items():
        if path_id not in known:
            # get_field_path saves the row at once; these are stored together.
            context.save = lambda **_kwargs: None
            context.get_field_path(instance)
            del context.save
    rows = ensured(TranslationContext, "path_id", wanted, object_id=source.object_id)
    return {row.path: row.pk for row in rows.values()}


def _string_rows(source, values):
    strings = [value for value in values if isinstance(value, StringSegmentValue)]
    wanted = {}
    for value in strings:
        data = value.string.data
        digest = String._get_data_hash(data)
        wanted[digest] = String(locale_id=source.locale_id, data_hash=digest, data=data)
    rows = ensured(String, "data_hash", wanted, locale_id=source.locale_id)
    return [
        (
            value.path,
            value.order,
            {
                "string_id": rows[String._get_data_hash(value.string.data)].pk,
                "attrs": json.dumps(value.attrs, cls=DjangoJSONEncoder),
            },
        )
        for value in strings
    ]


def _template_rows(values):
    templates = [value for value in values if isinstance(value, TemplateSegmentValue)]
    wanted = {_template_id(value): value for value in templates}
    rows = ensured(
        Template,
        "uuid",
        {
            digest: Template(
                uuid=digest, template=value.template, template_format=value.format, string_count=value.string_count
            )
            for digest, value in wanted.items()
        },
    )
    return [(value.path, value.order, {"template_id": rows[_template_id(value)].pk}) for value in templates]


def _template_id(value):
    """Return the identity that wagtail-localize gives a template."""
    return uuid.uuid5(uuid.uuid5(Template.BASE_UUID_NAMESPACE, value.format), value.template)


def _related_rows(values):
    related = [value for value in values if isinstance(value, RelatedObjectSegmentValue)]
    rows = []
    for value in related:
        found, _created = TranslatableObject.objects.get_or_create(
            content_type=value.content_type, translation_key=value.translation_key
        )
        rows.append((value.path, value.order, {"object_id": found.pk}))
    return rows


def _overridable_rows(values):
    return [
        (value.path, value.order, {"data_json": json.dumps(value.data, cls=DjangoJSONEncoder)})
        for value in values
        if isinstance(value, OverridableSegmentValue)
    ]


def _replace(model, source, rows):
    """Make the stored segments of one kind equal to the rows given as (context id, order, other fields)."""
    names = sorted(rows[0][2]) if rows else []
    wanted = {(context, order, *(extra[name] for name in names)): extra for context, order, extra in rows}
    stored = model.objects.filter(source=source).values_list("pk", "context_id", "order", *names)
    known = {tuple(identity): pk for pk, *identity in stored}
    gone = [pk for identity, pk in known.items() if identity not in wanted]
    for start in range(0, len(gone), CHUNK):
        model.objects.filter(pk__in=gone[start : start + CHUNK]).delete()
    model.objects.bulk_create(
        [
            model(source=source, context_id=identity[0], order=identity[1], **extra)
            for identity, extra in wanted.items()
            if identity not in known
        ],
        batch_size=CHUNK,
    )
