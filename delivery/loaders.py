"""Smaller pages: our own HTML templates as they are written, less the space at the beginning of their lines."""

import re

from django.template.loaders.filesystem import Loader

INDENTATION = re.compile(r"^[ \t]+", re.MULTILINE)


class IndentFreeLoader(Loader):
    """Loads templates without their indentation."""

    def get_contents(self, origin):
        contents = super().get_contents(origin)
        return INDENTATION.sub("", contents) if origin.name.endswith(".html") else contents
