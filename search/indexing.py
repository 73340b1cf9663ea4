"""From an object to its entry in the index.

What is searched is what the model declares in ``search_fields``, as anywhere in Wagtail. A model may also say, each in
a method of its own without arguments:

- ``search_language``: the code of the language of its words; otherwise that of its locale, or "".
- ``is_found_by_readers``: whether readers may find it; otherwise only people who work on the site do.
- ``search_date``: by which moment it is sorted, or None.
- ``search_facets``: the choices that it counts for, as (name of the facet, key); see ``core.facets``.
"""

import hashlib
from dataclasses import dataclass, fields
from functools import cached_property
from itertools import chain

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from modelsearch.backends.base import get_model_root
from wagtail.models import Locale, Page
from wagtail.search import index

from core.portable import CONTROL
from delivery import generation, sites
from search import engine, spelling, text
from search.models import Entry, EntryText, WordStart

# What a passage is cut from; the words after it are found all the same.
MAX_TEXT = 200_000
MAX_STARTS = 40


@dataclass(frozen=True)
class Description:
    """All that is stored of an object."""

    language: str
    is_listed: bool
    moment: int
    facets: str
    title: str
    title_tokens: tuple
    body_tokens: tuple
    starts: tuple
    text: str

    @cached_property
    def digest(self):
        said = repr((text.VERSION, *(getattr(self, field.name) for field in fields(self))))
        return hashlib.md5(said.encode(errors="replace"), usedforsecurity=False).hexdigest()

    @property
    def row(self):
        """The fields of its Entry."""
        names = ("language", "is_listed", "moment", "facets", "title", "digest")
        length = len(self.title_tokens) + len(self.body_tokens)
        return {name: getattr(self, name) for name in names} | {"length": length}


def refresh(objects, learn=True):
    """Bring the entries of some objects up to date, in one transaction.

    Args:
        objects: model instances, pages in their own type; what changed in them need not be saved yet.
        learn: whether to queue that new words become known to the spelling.

    Returns:
        the ids of the entries that changed.
    """
    objects = list(objects)
    with transaction.atomic():
        known = _known(objects)
        found = ((item, known.get(_key(item))) for item in objects)
        changed = [pk for item, entry in found if (pk := _refresh_one(item, entry))]
    if changed and learn:
        transaction.on_commit(lambda: spelling.learn.enqueue(changed))
    return changed


def refresh_stored(model, ids, learn=True):
    """Bring the entries of stored things up to date, which nobody else can change meanwhile.

    Args:
        model: their model; of pages, any.
        ids: their primary keys; those that are gone are left out.
        learn: as of ``refresh``.

    Returns:
        the ids of the entries that changed.
    """
    with transaction.atomic():
        rows = get_model_root(model)._base_manager.filter(pk__in=ids)
        # Always in this order, so that two of us wait for each other and do not block.
        list(rows.select_for_update().order_by("pk").values_list("pk"))
        changed = refresh(stored(model, ids), learn)
        if changed:
            # Nothing that readers see was saved now; what they find is other than before all the same.
            generation.bump()
        return changed


def stored(model, ids):
    """Return stored things in their own types."""
    rows = Page.objects.specific() if issubclass(model, Page) else model._default_manager.all()
    return [found for row in rows.filter(pk__in=ids).order_by("pk") if (found := row.get_indexed_instance())]


def outdated(objects):
    """Return those of some objects that do not stand in the index as they are now."""
    objects = list(objects)
    known = {key: entry.digest for key, entry in _known(objects).items()}
    return [item for item in objects if known.get(_key(item)) != describe(item).digest]


def remove(model, ids):
    """Take things out of the index.

    Args:
        model: their model.
        ids: their primary keys.
    """
    forget(type_of(model).pk, ids)


def forget(content_type_id, ids):
    """Take entries out of the index.

    Args:
        content_type_id: the id of the content type under which they stand.
        ids: the primary keys of what they are of.
    """
    with transaction.atomic():
        entries = Entry.objects.filter(content_type_id=content_type_id, object_id__in=[str(pk) for pk in ids])
        engine.remove(list(entries.values_list("pk", flat=True)))
        entries.delete()


def hide(entries):
    """Let readers no longer find some entries, at once; people who work on the site still do."""
    entries.filter(is_listed=True).update(is_listed=False, digest="")


def type_of(model):
    """Return the content type under which things of a model stand in the index."""
    return ContentType.objects.get_for_model(get_model_root(model))


def _key(item):
    return type_of(type(item)).pk, str(item.pk)


def _known(objects):
    """Return the entries that objects have already, by their keys."""
    keys = [_key(item) for item in objects]
    entries = Entry.objects.filter(
        object_id__in={pk for _kind, pk in keys}, content_type__in={kind for kind, _pk in keys}
    )
    return {(entry.content_type_id, entry.object_id): entry for entry in entries}


def _refresh_one(item, entry):
    """Write what is new of one object; return the entry's id, or None if nothing is."""
    said = describe(item)
    if entry is not None and entry.digest == said.digest:
        return None
    content_type, pk = _key(item)
    entry, _is_new = Entry.objects.update_or_create(content_type_id=content_type, object_id=pk, defaults=said.row)
    EntryText.objects.update_or_create(entry=entry, defaults={"text": said.text})
    engine.write(entry.pk, said.title_tokens, said.body_tokens)
    WordStart.objects.filter(entry=entry).delete()
    WordStart.objects.bulk_create(WordStart(entry=entry, language=code, word=word) for code, word in said.starts)
    return entry.pk


def describe(item):
    """Return the Description of an object as it is now, without writing anything."""
    language = _language(item)
    names = list(_values(item, type(item).get_autocomplete_search_fields()))
    named = {field.field_name for field in type(item).get_autocomplete_search_fields()}
    searched = sorted(type(item).get_search_fields(), key=lambda field: field.field_name not in named)
    title, body, shown = [], [], []
    for field in searched:
        if not isinstance(field, index.SearchField | index.RelatedFields):
            continue
        said = list(_values(item, [field]))
        is_title = field.field_name in named
        written = list(chain.from_iterable([*text.tokens(one, language), text.BREAK] for one in said))
        (title if is_title else body).extend(written * max(1, round(getattr(field, "boost", None) or 1)))
        shown += said if not is_title and _is_text(item, field) else []
    moment = item.search_date() if hasattr(item, "search_date") else None
    facets = sorted({f"{name}:{key}" for name, key in (item.search_facets() if hasattr(item, "search_facets") else ())})
    return Description(
        language=language,
        is_listed=bool(hasattr(item, "is_found_by_readers") and item.is_found_by_readers()),
        moment=int(moment.timestamp()) if moment else 0,
        facets=f",{','.join(facets)}," if facets else "",
        title=_plain(names[0] if names else str(item))[:255],
        title_tokens=tuple(title),
        body_tokens=tuple(body),
        starts=_starts(item, names, language),
        text=_plain("\n".join(shown))[:MAX_TEXT],
    )


def _starts(item, names, language):
    """Return the words of which a beginning finds an object, each with its language.

    Those of its tags have none: the team finds it by them, and readers are offered titles only.
    """
    related = [field for field in type(item).get_search_fields() if isinstance(field, index.RelatedFields)]
    tags = _values(item, related, index.AutocompleteField)
    found = {}
    for code, said in ((language, names), ("", tags)):
        words = {word[:60] for name in said for word in text.beginnings(name, code)}
        found |= dict.fromkeys((code, word) for word in sorted(words)[:MAX_STARTS])
    return tuple(found)


def _is_text(item, field):
    """Return whether readers may be shown what a field says: tags, and what a method makes up, are only found."""
    names = {one.name for one in item._meta.get_fields()}
    return isinstance(field, index.SearchField) and field.field_name in names


def _language(item):
    if hasattr(item, "search_language"):
        return item.search_language()
    locale_id = getattr(item, "locale_id", None)
    if not locale_id:
        return ""
    return sites.languages().get(locale_id) or Locale.objects.get(pk=locale_id).language_code


def _plain(written):
    """Return text that databases and feeds take."""
    return CONTROL.sub(" ", written)


def _values(item, fields, kind=index.SearchField):
    """Yield the texts of search fields of an object, and of the fields of a kind of objects that belong to it."""
    for field in fields:
        value = field.get_value(item)
        if isinstance(field, index.RelatedFields):
            related = value.all() if hasattr(value, "all") else [value]
            inner = [one for one in field.fields if isinstance(one, kind | index.RelatedFields)]
            for one in related:
                yield from _values(one, inner, kind) if one is not None else ()
        else:
            yield from _flat(value)


def _flat(value):
    if isinstance(value, list | tuple):
        for one in value:
            yield from _flat(one)
    elif value is not None and (written := str(value).strip()):
        yield written
