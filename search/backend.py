"""Wagtail's search API over the index: ``.search()``, ``.autocomplete()``, the signals and ``update_index``."""

from django.conf import settings
from django.db.models import Count, Q
from django.db.models.expressions import RawSQL
from django.db.models.functions import Cast
from modelsearch.backends.base import (
    BaseIndex,
    BaseSearchBackend,
    BaseSearchQueryCompiler,
    BaseSearchResults,
    FilterFieldError,
    SearchFieldError,
)
from modelsearch.query import And, Boost, Fuzzy, MatchAll, Not, Or, Phrase, PlainText

from search import compiling, engine, indexing, text
from search.engine.expression import any_of
from search.models import Entry

OBJECTS_AT_ONCE = 500
NOTHING, EVERYTHING = Q(pk__in=[]), Q(pk__isnull=False)


class QueryCompiler(BaseSearchQueryCompiler):
    """A query over the rows of a queryset, whose own conditions the database takes as they are."""

    DEFAULT_OPERATOR = "and"
    HANDLES_ORDER_BY_EXPRESSIONS = True

    def check(self):
        """Refuse only fields that are not searched: whatever a queryset filters or sorts by, the database can."""
        known = {field.field_name for field in self.queryset.model.get_searchable_search_fields()}
        for name in self.fields or ():
            if name not in known:
                message = f"{self.queryset.model.__name__} has no index.SearchField({name!r}) in its search_fields."
                raise SearchFieldError(message, field_name=name)

    @property
    def languages(self):
        return [*(code for code, _name in settings.LANGUAGES), ""]

    @property
    def in_title(self):
        """Whether only the names of things are searched. Other fields are not told apart."""
        named = {field.field_name for field in self.queryset.model.get_autocomplete_search_fields()}
        return bool(self.fields) and set(self.fields) <= named

    def matching(self):
        """Return the queryset of what is found."""
        return self.queryset.filter(self._condition(self.query))

    def scores(self):
        """Return {id as text: how well it fits}."""
        wanted = any_of(self._wanted(self.query))
        kind = indexing.type_of(self.queryset.model).pk
        return engine.scores(wanted, kind, self.in_title) if wanted else {}

    def _condition(self, query):
        if isinstance(query, And | Or):
            combined = EVERYTHING if isinstance(query, And) else NOTHING
            for inner in query.subqueries:
                condition = self._condition(inner)
                combined = combined & condition if isinstance(query, And) else combined | condition
            return combined
        if isinstance(query, Not):
            return ~self._condition(query.subquery)
        if isinstance(query, Boost):
            return self._condition(query.subquery)
        if isinstance(query, MatchAll):
            return EVERYTHING
        return self._condition_of_words(query)

    def _condition_of_words(self, query):
        expression = self._expression(query)
        if expression is None:
            return NOTHING
        return self._within(Entry.objects.filter(pk__in=RawSQL(*engine.matching(expression, self.in_title))))  # noqa: S611

    def _within(self, entries):
        """Return the condition that a row has one of some entries."""
        field = self.queryset.model._meta.pk
        path = [field.name]
        while field.remote_field:
            field = field.target_field
            path.append(field.name)
        mine = entries.filter(content_type=indexing.type_of(self.queryset.model)).order_by()
        ids = mine.annotate(found=Cast("object_id", field)).values("found")
        return Q(**{f"{'__'.join(path)}__in": ids})

    def _expression(self, query):
        if isinstance(query, Phrase):
            return compiling.phrase(query.query_string, self.languages)
        if not isinstance(query, PlainText | Fuzzy):
            raise NotImplementedError(f"Portal's search does not know {type(query).__name__}.")
        kind = compiling.all_words if query.operator == "and" else compiling.some_words
        return kind(query.query_string, self.languages)

    def _wanted(self, query):
        """Yield the expressions by which what is found is ranked."""
        if isinstance(query, And | Or):
            for inner in query.subqueries:
                yield from self._wanted(inner)
        elif isinstance(query, Boost):
            yield from self._wanted(query.subquery)
        elif not isinstance(query, Not | MatchAll):
            yield self._expression(query)


class AutocompleteCompiler(QueryCompiler):
    """A query whose words are beginnings of words of names."""

    def check(self):
        """Whatever is searched is found by its names."""

    def scores(self):
        return {}

    def _condition_of_words(self, query):
        starts = text.folded(query.query_string)[: compiling.MAX_WORDS]
        if not starts:
            return NOTHING
        combined = Q()
        for start in starts:
            begun = RawSQL(*engine.starting(start, self.languages))  # noqa: S611 - made of our own names only
            one = self._within(Entry.objects.filter(pk__in=begun))
            combined = combined | one if getattr(query, "operator", "and") == "or" else combined & one
        return combined


class SearchResults(BaseSearchResults):
    """Results, sorted by how well they fit."""

    supports_facet = True

    def _do_count(self):
        count = max(self.query_compiler.matching().order_by().count() - self.start, 0)
        return count if self.stop is None else min(count, self.stop - self.start)

    def _do_search(self):
        compiler = self.query_compiler
        found = compiler.matching()
        scores = compiler.scores() if compiler.order_by_relevance else {}
        if not scores:
            found = found if found.ordered else found.order_by("-pk")
            return self._with_score(found[self.start : self.stop], scores)
        ids = found.order_by().values_list("pk", flat=True)
        # Of equals, the newest first.
        ids = sorted(ids, key=lambda pk: (scores.get(str(pk), 0), pk), reverse=True)
        return self._with_score(self._in_order(found, ids[self.start : self.stop]), scores)

    def _in_order(self, queryset, ids):
        for start in range(0, len(ids), OBJECTS_AT_ONCE):
            some = ids[start : start + OBJECTS_AT_ONCE]
            objects = {item.pk: item for item in queryset.filter(pk__in=some)}
            yield from (objects[pk] for pk in some if pk in objects)

    def _with_score(self, items, scores):
        for item in items:
            if self._score_field:
                setattr(item, self._score_field, scores.get(str(item.pk)))
            yield item

    def facet(self, field_name):
        """Return {value of a field: number of results}."""
        if self.query_compiler._get_filterable_field(field_name) is None:
            model = self.query_compiler.queryset.model.__name__
            message = f"{model} has no index.FilterField({field_name!r}) in its search_fields."
            raise FilterFieldError(message, field_name=field_name)
        rows = self.query_compiler.matching().order_by().values(field_name).annotate(n=Count("pk")).order_by("-n")
        return {row[field_name]: row["n"] for row in rows}


class Index(BaseIndex):
    """The one index of all models."""

    def add_items(self, model, items):
        indexing.refresh([item for one in items if (item := one.get_indexed_instance())])

    def delete_item(self, item):
        indexing.remove(type(item), [item.pk])


class Rebuilder:
    """Every entry is brought up to date in its place, so the search works all the while."""

    def __init__(self, index):
        self.index = index

    def start(self):
        return self.index

    def finish(self):
        """What is no longer there was taken out when it was deleted (``search_index verify`` tells)."""


class SearchBackend(BaseSearchBackend):
    """The back end that ``WAGTAILSEARCH_BACKENDS`` names."""

    index_class = Index
    query_compiler_class = QueryCompiler
    autocomplete_query_compiler_class = AutocompleteCompiler
    results_class = SearchResults
    rebuilder_class = Rebuilder
