"""The application that web servers load."""

import gc
from importlib import import_module


def test_what_is_loaded_is_not_looked_through_by_the_garbage_collector():
    loaded = import_module("portal.wsgi")
    gc.unfreeze()
    loaded.keep_for_good()
    assert gc.get_freeze_count() > 100_000
    gc.unfreeze()
