#!/usr/bin/env python3
"""Django's command line, with Portal's settings."""

import os
import sys

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    try:
        _ = settings.INSTALLED_APPS
    except ImproperlyConfigured as error:
        # Django would go on without settings, and fail with whatever misses them first.
        sys.exit(str(error))
    execute_from_command_line(sys.argv)
