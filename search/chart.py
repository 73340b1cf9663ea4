"""The chart of searches per day: its numbers here, its drawing in a template."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Sum
from django.utils import timezone

WIDTH, HEIGHT, FOOT = 720, 160, 24
STEPS = (1, 2, 5)


@dataclass(frozen=True)
class Bar:
    """One day: its numbers, and in the units of the drawing where its column stands."""

    day: date
    searches: int
    empty: int
    x: float
    width: float
    height: float
    empty_height: float

    @property
    def y(self):
        return round(HEIGHT - self.height, 2)

    @property
    def empty_y(self):
        return round(HEIGHT - self.empty_height, 2)


def chart(rows, days):
    """Return the drawing of the searches of the last days, today included, or None where there are none.

    Args:
        rows: the ``SearchCount`` rows of one language and that period.
        days: how many days.
    """
    found = rows.order_by().values("day").annotate(count=Sum("searches"), nothing=Sum("empty"))
    counts = {row["day"]: (row["count"], row["nothing"]) for row in found}
    if not any(count for count, _nothing in counts.values()):
        return None
    first = timezone.localdate() - timedelta(days=days - 1)
    top = _round_up(max(count for count, _nothing in counts.values()))
    step = WIDTH / days
    bars = []
    for number in range(days):
        day = first + timedelta(days=number)
        searches, empty = counts.get(day, (0, 0))
        heights = [round(HEIGHT * count / top, 2) for count in (searches, empty)]
        bars.append(Bar(day, searches, empty, round(number * step, 2), round(step * 0.8, 2), *heights))
    total = sum(bar.searches for bar in bars)
    return {"bars": bars, "top": top, "total": total, "width": WIDTH, "height": HEIGHT, "bottom": HEIGHT + FOOT}


def _round_up(number):
    """Return the next of 1, 2, 5, 10, 20, 50 and so on, for the top of the scale."""
    power = 1
    while True:
        for step in STEPS:
            if step * power >= number:
                return step * power
        power *= 10
