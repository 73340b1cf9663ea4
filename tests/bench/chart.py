"""The chart of docs/performance.md: requests in a second as bars, each step ten times the one before."""

import math
from html import escape

WIDTH, LEFT, RIGHT = 760, 190, 90
ROW, BAR, TOP = 34, 20, 46
STYLE = """
text { font: 14px system-ui, sans-serif; fill: #1c2b33; }
.note { font-size: 12px; fill: #55636b; }
.bar { fill: #9fb3b1; }
.ours { fill: #0d5c5a; }
.grid { stroke: #d5dcdf; }
@media (prefers-color-scheme: dark) {
  text { fill: #e8edef; }
  .note { fill: #a9b6bc; }
  .bar { fill: #55696b; }
  .ours { fill: #5cc4bd; }
  .grid { stroke: #35424a; }
}
"""


def chart(rates, title):
    """Return an SVG of bars, the longest first, on a logarithmic scale.

    Args:
        rates: {what answered: requests in a second}; ours begin with "Portal".
        title: what it shows.
    """
    order = sorted(rates, key=rates.get, reverse=True)
    low = 10 ** math.floor(math.log10(min(rates.values())))
    high = 10 ** math.ceil(math.log10(max(rates.values())))
    room = WIDTH - LEFT - RIGHT
    height = TOP + ROW * len(order) + 30

    def place(rate):
        return LEFT + room * math.log(rate / low) / math.log(high / low)

    said = "; ".join(f"{name}: {rates[name]:,.0f}" for name in order)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img">',
        f"<title>{escape(said)}</title>",
        f"<style>{STYLE}</style>",
        f'<text x="0" y="18">{escape(title)}</text>',
    ]
    step = low
    while step <= high:
        parts.append(f'<path class="grid" d="M{place(step):.1f} {TOP - 10}V{height - 26}"/>')
        parts.append(f'<text class="note" x="{place(step):.1f}" y="{height - 8}" text-anchor="middle">{step:,}</text>')
        step *= 10
    for number, name in enumerate(order):
        parts += _bar(name, rates[name], TOP + ROW * number, place(rates[name]))
    return "\n".join([*parts, "</svg>", ""])


def _bar(name, rate, top, end):
    kind = "ours" if name.startswith("Portal") else "bar"
    middle = top + BAR - 5
    return [
        f'<text x="{LEFT - 10}" y="{middle}" text-anchor="end">{escape(name)}</text>',
        f'<rect class="{kind}" x="{LEFT}" y="{top}" width="{max(2, end - LEFT):.1f}" height="{BAR}" rx="2"/>',
        f'<text x="{end + 8:.1f}" y="{middle}">{rate:,.0f}</text>',
    ]
