"""Queries whose SQL is made once: of a small query, Django spends most of the time on writing the same words again."""

from functools import update_wrapper
from uuid import UUID

from django.db import connection
from django.db.models.query import ModelIterable, ValuesListIterable

from delivery import generation

# As large as a number of 32 bits may be: no argument, and no other value of a query.
FIRST_STAND_IN = 2_000_000_000


class Prepared:
    """A function that returns a queryset, called for the list of what that finds.

    What the queryset asks may depend on the arguments only as values that columns are compared with. It gives
    objects of one model, with annotations and nothing joined to them, or tuples of values. While something is past
    its end, queries name it (``due.not_over``), and are written anew.

    Args:
        make: the function. Each of its arguments is a number, a text, a UUID, or a list of one of them.
    """

    def __init__(self, make):
        update_wrapper(self, make)
        self.make = make
        self.known = {}

    def __call__(self, *arguments):
        padded = [_padded(one) if isinstance(one, list) else one for one in arguments]
        shape = (connection.vendor, *(len(one) if isinstance(one, list) else 0 for one in padded))
        # What has ended is part of a query for as long as that lasts, and may end while one is written.
        if not generation.has_overdue():
            statement = self.known.get(shape) or _Statement(self.make, padded)
            if not generation.has_overdue():
                self.known[shape] = statement
                return statement.found(_flat(padded))
        return list(self.make(*arguments))


class _Statement:
    """The SQL for arguments of one shape, and what makes objects or tuples of its rows.

    Raises:
        TypeError: the queryset is none that can be prepared.
    """

    def __init__(self, make, arguments):
        stand_ins = _stand_ins(arguments)
        queryset = make(*stand_ins)
        compiler = queryset.query.get_compiler(queryset.db)
        self.sql, parameters = compiler.as_sql()
        self.made = _made_of(queryset, compiler)
        places = {value: place for place, value in enumerate(_flat(stand_ins))}
        # Each is the place of an argument, or a value that is always the same.
        self.parameters = [(places.get(value), value) for value in parameters]
        if places.keys() - set(parameters):
            raise TypeError("Each argument must be compared with a column")
        converters = compiler.get_converters([expression for expression, _sql, _alias in compiler.select])
        self.converters = [
            (place, expression, convert) for place, (all_, expression) in converters.items() for convert in all_
        ]

    def found(self, values):
        parameters = [value if place is None else values[place] for place, value in self.parameters]
        with connection.cursor() as cursor:
            cursor.execute(self.sql, parameters)
            return [self.made(self.converted(list(row))) for row in cursor.fetchall()]

    def converted(self, row):
        for place, expression, convert in self.converters:
            row[place] = convert(row[place], expression, connection)
        return row


def _made_of(queryset, compiler):
    """Return a function from a row of values to what the queryset gives for it."""
    info = compiler.klass_info
    if queryset._iterable_class is ValuesListIterable:
        return tuple
    if queryset._iterable_class is not ModelIterable or info.get("related_klass_infos"):
        raise TypeError("Only objects of one model, or tuples, can be prepared")
    columns = info["select_fields"]
    names = [compiler.select[place][0].target.attname for place in columns]
    annotations = list(compiler.annotation_col_map.items())

    def made(row):
        found = info["model"].from_db(connection.alias, names, row[columns[0] : columns[-1] + 1])
        for name, place in annotations:
            setattr(found, name, row[place])
        return found

    return made


def _padded(values):
    """Return a list with its last value repeated up to a power of two: few lengths, few statements."""
    return values + values[-1:] * ((1 << (len(values) - 1).bit_length()) - len(values))


def _stand_ins(arguments):
    """Return arguments of the same kinds that no query has by itself."""
    numbers = iter(range(FIRST_STAND_IN, FIRST_STAND_IN + 2**20))

    def stand_in(one):
        if isinstance(one, list):
            return [stand_in(item) for item in one]
        if isinstance(one, UUID):
            return UUID(int=next(numbers))
        return str(next(numbers)) if isinstance(one, str) else next(numbers)

    return [stand_in(one) for one in arguments]


def _flat(arguments):
    """Return all values one after the other, as the database's driver takes them."""
    values = [item for one in arguments for item in (one if isinstance(one, list) else [one])]
    if connection.features.has_native_uuid_field:
        return values
    return [value.hex if isinstance(value, UUID) else value for value in values]
