"""The whole application as a server loads it, which notes in a file what Django itself was asked to make."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from portal.wsgi import with_page_cache

site = get_wsgi_application()
notes = os.open(settings.VAR_DIR / "made", os.O_WRONLY | os.O_APPEND | os.O_CREAT)


def counted(environ, start_response):
    # One write to the end of a file is never mixed with another process's.
    os.write(notes, f"{environ['PATH_INFO']}?{environ['QUERY_STRING']}\n".encode())
    return site(environ, start_response)


application = with_page_cache(counted)
