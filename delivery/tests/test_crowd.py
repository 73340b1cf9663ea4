"""Many readers at once cost one render, and a crawler's odd queries cost no memory; with two server processes."""

import http.client
import os
import random
import secrets
import subprocess
import threading
from pathlib import Path

import pytest

from portal.management.commands.serve import on_port, web_server
from tests.running import ROOT, Running, end, free_port
from tests.soak.reading import one_per_process

pytestmark = pytest.mark.processes
CRAWLED = int(os.environ.get("CRAWLED", "5000"))
CLIENTS, PAGES, WORKERS = 32, 8, 2
CACHE_MB = 8
# What a process needs for itself when it has done everything once, and pieces of freed memory between others.
OWN_MB = 40
PREPARE = f"""
from django.core.management import call_command
from tests.factories import make_article
call_command("prepare", verbosity=0)
from types import SimpleNamespace
from news.models import ArticleKind, NewsIndexPage
index = NewsIndexPage.objects.get()
site = SimpleNamespace(news={{"en": index}}, kind=ArticleKind.objects.first())
for name in ("crowd", "article"):
    for number in range({PAGES}):
        make_article(site, f"{{name}} {{number}}", topics=[], authors=[], slug=f"{{name}}-{{number}}")
"""
BUMP = "from delivery import generation; generation.bump()"


class Server:
    """Two server processes on data of their own.

    Args:
        folder: an empty folder.
    """

    def __init__(self, folder):
        self.site, self.port = Running(folder), free_port()
        self.host = f"127.0.0.1:{self.port}"
        self.site.env |= {
            "SECRET_KEY": secrets.token_urlsafe(40),
            "ALLOWED_HOSTS": "127.0.0.1",
            "PUBLIC_URL": f"http://{self.host}",
            "PAGE_CACHE_MB": str(CACHE_MB),
        }
        self.made_note = folder / "made"

    def start(self):
        self.site.manage(PREPARE)
        served = "tests.counted_site:application"
        command = web_server(on_port(self.port), WORKERS, CLIENTS, served)
        with open(self.site.folder / "log", "wb") as log:
            env = self.site.env | {"DJANGO_SETTINGS_MODULE": "portal.settings"}
            self.process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=log, stderr=log, start_new_session=True)
        self.wait_until_both_have_looked()

    def wait_until_both_have_looked(self):
        """Ask each process until it knows the generation, and so keeps what it makes."""
        for _try in range(200):
            try:
                self.connections = one_per_process(self.port, self.host, WORKERS, random.Random(1))  # noqa: S311
                break
            except (OSError, http.client.HTTPException, AssertionError):
                threading.Event().wait(0.3)
        for connection in self.connections:
            while not connection.get("/contact/").etag:
                threading.Event().wait(0.1)

    def made(self, address):
        return self.made_note.read_text().splitlines().count(address)

    def memory(self):
        """Return the MB that each process has."""
        pids = [connection.process() for connection in self.connections]
        found = [Path(f"/proc/{pid}/status").read_text().split("VmRSS:")[1].split()[0] for pid in pids]
        return [int(size) / 1024 for size in found]


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    server = Server(tmp_path_factory.mktemp("crowd"))
    server.start()
    yield server
    end(server.process)


def all_at_once(server, address):
    """Return what so many clients get who ask at the same moment, over connections that stand already."""
    connections = [http.client.HTTPConnection("127.0.0.1", server.port, timeout=30) for _client in range(CLIENTS)]
    for connection in connections:
        connection.connect()
    ready, got = threading.Barrier(CLIENTS), []

    def ask(connection):
        ready.wait()
        connection.request("GET", address, headers={"Host": server.host})
        answer = connection.getresponse()
        got.append((answer.status, answer.read()))

    clients = [threading.Thread(target=ask, args=(connection,)) for connection in connections]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    for connection in connections:
        connection.close()
    return got


@pytest.mark.timeout(600)
def test_a_crowd_on_a_cold_page_costs_one_render(server):
    server.site.manage(BUMP)
    for number in range(PAGES):
        address = f"/news/crowd-{number}/"
        before = server.made(f"{address}?")
        got = all_at_once(server, address)
        assert len(got) == CLIENTS
        assert {status for status, _body in got} == {200}
        assert len({body for _status, body in got}) == 1
        assert server.made(f"{address}?") == before + 1


@pytest.mark.timeout(600)
def test_what_one_process_knew_before_a_change_makes_no_second_render(server):
    server.wait_until_both_have_looked()
    for number in range(PAGES // 2):
        address = f"/news/crowd-{number}/"
        server.site.manage(BUMP)
        # What the second one has is of this generation, and the page is none of it.
        for connection, asked in zip(server.connections, (address, "/contact/"), strict=True):
            connection.get(asked)
        before = server.made(f"{address}?")
        server.site.manage(BUMP)
        all_at_once(server, address)
        assert server.made(f"{address}?") == before + 1


def odd_address(chance):
    """Return an address as a crawler makes it up: most of them with parameters that no page reads."""
    word = f"{chance.randrange(10**9):x}"
    article = f"/news/article-{chance.randrange(PAGES)}/"
    choices = (
        *(f"{article}?utm_source={word}", f"{article}?{word}={word}&fbclid={word}", f"/?{word}", f"/contact/?x={word}"),
        *(f"/news/?page={word}", f"/news/?before=20260101T{chance.randrange(10**6):06}-1", f"/news/feed/?{word}"),
        *(f"/search/?q={word}", f"/api/v2/pages/?limit={chance.randrange(1, 20)}&{word}=1", f"/{word}/?{word}"),
    )
    return chance.choice(choices)


@pytest.mark.timeout(7200)
def test_a_crawl_with_random_queries_keeps_memory_within_its_bound(server):
    chance = random.Random(7)  # noqa: S311
    # The connections may have been idle for so long that the server has ended them.
    server.wait_until_both_have_looked()
    crawl(server, chance, min(500, CRAWLED // 10))
    before = server.memory()
    crawl(server, chance, CRAWLED)
    grown = [after - then for after, then in zip(server.memory(), before, strict=True)]
    kept = len(list((server.site.folder / "pages").glob("*")))
    print(f"{CRAWLED:,} addresses: the processes grew by {grown} MB over {before}; {kept:,} files")
    assert max(grown) < CACHE_MB + OWN_MB
    assert kept <= 3_000


def crawl(server, chance, count):
    for number in range(count):
        seen = server.connections[number % WORKERS].get(odd_address(chance))
        assert seen.status in (200, 400, 404)
    for connection in server.connections:
        connection.known.clear()
