"""The index on PostgreSQL: a tsvector of our own tokens, ranked by BM25.

A tsvector knows 255 places of a word, and none past 16,383. For phrases, what lies beyond in a long text is written
once more under other names: each word with the number of its stretch of the text, 255 places under one name.

PostgreSQL has no BM25, but for one word that occurs n times ``ts_rank`` with equal weights is 1 + 1/4 + ... + 1/n² over
π²/6, from which n follows. The rest is the formula that FTS5 uses (k1 = 1.2, b = 0.75).
"""

from collections import defaultdict
from itertools import chain

from django.db import connection
from django.db.models import Avg, Count
from django.db.models.functions import Coalesce

from delivery.generation import per_generation
from search.engine.expression import All, Any, Phrase, any_of, tokens
from search.models import Entry

# PostgreSQL's own bounds of a tsvector.
MAX_POSITION = 16_383
MAX_POSITIONS = 255
MAX_BYTES = 1_000_000
# Longer than any phrase, so that one over the end of a stretch is whole in the stretch before the end or after it.
OVERLAP = 381
STRETCH = MAX_POSITION - 2 - OVERLAP
# As far as texts go that are indexed.
STRETCHES = 4
# Also stands in every text of which something is written under other names.
LONG = "#"
PI_SQUARED_BY_SIX = 1.64493406685
BEGINS = "word LIKE %s"
# The entries that readers of a language may find by a word: its expression, the language.
LISTED = (
    "SELECT 1 FROM search_words JOIN search_entry entry ON entry.id = entry_id"
    " WHERE words @@ %s::tsquery AND entry.is_listed AND entry.language = %s"
)


def write(entry_id, title, body):
    """Store the words of an entry in place of those it had.

    Args:
        entry_id: the entry's id.
        title, body: lists of tokens.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO search_words (entry_id, words) VALUES (%s, %s::tsvector)"
            " ON CONFLICT (entry_id) DO UPDATE SET words = EXCLUDED.words",
            [entry_id, _vector(title, body)],
        )


def remove(entry_ids):
    """Forget the words of entries."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM search_words WHERE entry_id = ANY(%s)", [list(entry_ids)])


def settle():
    """Let the planner know what has become of the index; otherwise it learns it within minutes."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE search_words, search_entry")


def _vector(title, body):
    numbers = defaultdict(list)
    for number, token in chain(enumerate(title, 1), enumerate(body, len(title) + 2)):
        numbers[token].append(number)
    written = {token: [_place(number, len(title)) for number in found] for token, found in numbers.items()}
    if beyond := dict(chain.from_iterable(_beyond(token, found) for token, found in numbers.items())):
        written |= {LONG: ["1"]} | beyond
    left = MAX_BYTES
    vector = []
    for name, places in written.items():
        # Two bytes for each place, as the database stores it.
        left -= len(name.encode()) + 2 * min(len(places), MAX_POSITIONS) + 4
        if left < 0:
            break
        vector.append(f"'{name}':{','.join(places[:MAX_POSITIONS])}")
    return " ".join(vector)


def _place(number, title_length):
    """Return the place of a word under its own name; what lies beyond is apart from all that can follow one another."""
    label = "A" if number <= title_length else ""
    return f"{number if number <= STRETCH + OVERLAP else MAX_POSITION}{label}"


def _beyond(token, numbers):
    """Yield (name, places) of what a vector cannot hold of a word under its own name."""
    if len(numbers) <= MAX_POSITIONS and numbers[-1] <= STRETCH:
        return
    for stretch in range(STRETCHES):
        start = stretch * STRETCH
        places = [str(number - start) for number in numbers if start < number <= start + STRETCH + OVERLAP]
        for first in range(0 if stretch else MAX_POSITIONS, len(places), MAX_POSITIONS):
            yield f"{_name(token, stretch)}{first}", places[first : first + MAX_POSITIONS]


def _name(token, stretch):
    """Return what all names begin with under which a word of a stretch is written."""
    return f"{token}{LONG}{stretch}{LONG}"


def hits(expression, language):
    """Return (entry id, score, moment, facets) of all that readers of a language may find, in no order."""
    where = "entry.is_listed AND entry.language = %s"
    return _ranked(expression, "entry.id", "moment, facets", where, [language])


def scores(expression, content_type_id, in_title=False):
    """Return {object id as text: score} of all things of a kind that an expression finds."""
    columns = ("entry.object_id", "")
    return dict(_ranked(expression, *columns, "entry.content_type_id = %s", [content_type_id], in_title))


def _ranked(expression, key, more, where, parameters, in_title=False):
    """Return rows (key, score, more columns) of the entries that an expression finds.

    How many entries have a word is counted on the way, over all that have any of the words.
    """
    # Each part is MATERIALIZED: without statistics of the tables, PostgreSQL would count anew for every row.
    words = tokens(expression)
    wanted, anything = compiled(expression, in_title), compiled(any_of([Phrase((word,)) for word in words]))
    # Each question about a vector unpacks it, which takes most of the time; this one has mostly been answered by then.
    is_hit, is_hit_of = ("true", []) if wanted == anything else ("words @@ %s::tsquery", [wanted])
    names = [f"n{number}" for number in range(len(words))]
    counted = ", ".join(f"{_times()} AS {name}" for name in names)
    entries = ", ".join(f"count(*) FILTER (WHERE {name} > 0) AS {name}" for name in names)
    score = " + ".join(_bm25(name) for name in names)
    more_inside = "".join(f", entry.{column}" for column in more.split(", ") if column)
    sql = (
        "WITH found AS MATERIALIZED ("  # noqa: S608 - made of our own names only
        f"SELECT {key} AS key, entry.length{more_inside}, {is_hit} AS is_hit, {counted}"
        f" FROM search_words JOIN search_entry entry ON entry.id = entry_id WHERE words @@ %s::tsquery AND {where}),"
        f" word AS MATERIALIZED (SELECT {entries} FROM found),"
        " site AS MATERIALIZED (SELECT %s::float AS n, %s::float AS length)"
        f" SELECT key, {score}{', ' + more if more else ''} FROM found, word, site WHERE is_hit"
    )
    values = [*is_hit_of, *map(_quoted, words), anything, *parameters, *_size()]
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


@per_generation
def _size():
    """Return how many entries there are, and how many tokens they have on average."""
    size = Entry.objects.aggregate(number=Count("pk"), length=Coalesce(Avg("length"), 0.0))
    return size["number"], max(size["length"], 1)


def _times():
    """Return how many times a word occurs, from its rank."""
    rank = "least(ts_rank('{1,1,1,1}', words, %s::tsquery)::float, 0.99998)"
    return f"round(1 / ({PI_SQUARED_BY_SIX} * (1 - {rank})) - 0.5)"


def _bm25(name):
    rarity = f"greatest(ln((site.n - word.{name} + 0.5) / (word.{name} + 0.5)), 1e-6)"
    norm = "1.2 * (0.25 + 0.75 * found.length / site.length)"
    return f"{rarity} * 2.2 * found.{name} / (found.{name} + {norm})"


def matching(expression, in_title=False):
    """Return SQL that selects the ids of the entries that an expression finds, and its parameters."""
    return "SELECT entry_id FROM search_words WHERE words @@ %s::tsquery", [compiled(expression, in_title)]


def beginning(start):
    """Return the value with which ``BEGINS`` asks for words that begin with some letters."""
    return [f"{start}%"]


def _quoted(token, label=""):
    return f"'{token}'{label}"


def compiled(part, in_title=False):
    """Return an expression in the words of a tsquery."""
    if isinstance(part, Phrase):
        return _phrase(part.tokens, in_title)
    if isinstance(part, Any | All):
        sign = " | " if isinstance(part, Any) else " & "
        return "(" + sign.join(compiled(inner, in_title) for inner in part.parts) + ")"
    return f"({compiled(part.wanted, in_title)} & !{compiled(part.unwanted, in_title)})"


def _phrase(tokens, in_title):
    label = ":A" if in_title else ""
    found = "(" + " <-> ".join(_quoted(token, label) for token in tokens) + ")"
    if in_title or len(tokens) == 1:
        return found
    stretches = " | ".join(_in_stretch(tokens, stretch) for stretch in range(STRETCHES))
    return f"({found} | ({_quoted(LONG)} & ({stretches})))"


def _in_stretch(tokens, stretch):
    names = [_quoted(_name(token, stretch), ":*") for token in tokens]
    if stretch == 0:
        names = [f"({_quoted(token)} | {name})" for token, name in zip(tokens, names, strict=True)]
    return f"({' <-> '.join(names)})"
