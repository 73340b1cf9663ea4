"""The page cache: public answers, ready to be sent, given before Django is asked (docs/decisions/0019).

An answer is kept under the generation that was shown before it was made, so nothing has ever to be purged: whatever
readers see moves the generation, and with it every key.
"""

from delivery.page_cache.answers import for_everybody
from delivery.page_cache.front import PageCache

__all__ = ["PageCache", "for_everybody"]
