"""A bounded memory of computed values, which threads share."""

from collections import OrderedDict


class Bounded(OrderedDict):
    """A dictionary that keeps so many values; what was put in first goes first.

    Args:
        most: how many it keeps.
    """

    def __init__(self, most):
        super().__init__()
        self.most = most

    def keep(self, key, value):
        """Remember a value, and return it."""
        self[key] = value
        while len(self) > self.most:
            try:
                self.popitem(last=False)
            except KeyError:
                # Another thread has emptied it.
                break
        return value
