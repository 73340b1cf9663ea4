"""What `make bench` compares: each function measures its things in turn and returns a ``Section``."""

import os
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

from tests.bench import places, servers
from tests.bench.measuring import Comparison, Worker, in_turn
from tests.run import ROOT

IS_QUICK = places.IS_QUICK
SIZES = (40, 60) if IS_QUICK else tuple(sorted({1_000, 20_000, int(os.environ.get("SIZE", "100000"))}))
SMALL, LARGE = SIZES[0], SIZES[-1]
ROUNDS = 2 if IS_QUICK else 6
REQUESTS = 3 if IS_QUICK else 20
HITS = 200 if IS_QUICK else 5_000
PUBLISHED = 1 if IS_QUICK else 5
# Enough for each worker of a server to have had some.
WARMING = 4 if IS_QUICK else 20
SECONDS = 1 if IS_QUICK else 3
ARTICLE = "/news/article-25/"
# What is slow needs no crowd to be busy all the time.
FEW = 4
COMPRESSED = {"Accept-Encoding": "br"}
PAGES = "tests.bench.portal_pages"
TWIN_PAGES = {
    "article": ARTICLE,
    "index": "/news/",
    "index, deep": f"/news/?page={SMALL // 20 // 2 + 1}",
    "topic": "/news/?topic=Policy",
    "home": "/",
    "search": "/search/?q=zirconium",
}
AGAINST_TWIN = {"article": 4, "index": 7}
PUBLISHING = {"publish": "a changed article", "publish_new": "a new article"}
NO_TARGET = "search, a tenth found"
OURS = "Portal, cached"
RAW_HELLO, DJANGO_HELLO = (f"tests.bench.applications:{name}_hello" for name in ("raw", "django"))
HELLO_ENV = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
MICRO = {"scale": 1_000_000, "shown": "{:,.1f} µs"}
RATE = {"more_is_better": True, "scale": 1, "shown": "{:,.0f}/s"}


@dataclass
class Section:
    """A table of the report.

    Attributes:
        title: what it is about.
        over, under: whose figures stand over and under the line of each ratio.
        comparisons: its rows.
        notes: sentences on how it was measured.
        rates: {what answered: requests in a second}, for the chart.
    """

    title: str
    over: str
    under: str
    comparisons: list
    notes: list = field(default_factory=list)
    rates: dict = field(default_factory=dict)


def prepare():
    """Make the data of all sites, where it is not there yet."""
    places.prepare_static(places.portal(SMALL))
    for size in SIZES:
        places.prepare(places.portal(size), "portal", size)
    places.prepare(places.twin(SMALL), "twin", SMALL)


@contextmanager
def uncached_sites():
    """Give the started workers of all sites without their page caches: {name or number of articles: (worker, pages)}.

    The pages are {name: address}.
    """
    with ExitStack() as stack:
        twin = places.twin(SMALL)
        started = {"twin": (stack.enter_context(Worker(twin.application, twin.env)), TWIN_PAGES)}
        for size in SIZES:
            place = places.portal(size)
            worker = stack.enter_context(Worker(place.application, place.env))
            started[size] = (worker, worker.ask("call", name=f"{PAGES}:addresses"))
        for worker, pages in started.values():
            for address in pages.values():
                worker.cost(address, 3)
            worker.ask("settle")
        yield started


def costs(workers, pages):
    """Return {(name of a worker, page): processor seconds of all rounds}.

    Args:
        workers: some of the ``uncached_sites``.
        pages: names of the pages.
    """
    measures = {
        (name, page): lambda worker=worker, address=addresses[page]: worker.cost(address, REQUESTS)
        for page in pages
        for name, (worker, addresses) in workers.items()
    }
    return in_turn(measures, ROUNDS)


def against_twin(sites):
    """Uncached pages against the same pages in plain Wagtail."""
    spent = costs({name: sites[name] for name in ("twin", SMALL)}, TWIN_PAGES)
    rows = [
        Comparison(page, spent["twin", page], spent[SMALL, page], at_least=AGAINST_TWIN.get(page))
        for page in TWIN_PAGES
    ]
    return Section(
        f"Processor time of an uncached page, {SMALL:,} articles",
        "plain Wagtail",
        "Portal",
        rows,
        ["Each request goes to the WSGI application in the same process: no server and no client takes part."],
    )


def growth(sites):
    """Each reader page in larger archives against the smallest."""
    workers = {size: sites[size] for size in SIZES}
    pages = sites[SMALL][1]
    spent = costs(workers, pages)
    rows = []
    for size in SIZES[1:]:
        for page in pages:
            most = 1.15 if size == LARGE and page != NO_TARGET else None
            rows.append(Comparison(f"{page}, {size:,}", spent[size, page], spent[SMALL, page], at_most=most))
    return Section(
        "Processor time of an uncached page as the archive grows",
        "larger archive",
        f"{SMALL:,} articles",
        rows,
        [
            "The deep page of the index is the one in the middle of the archive.",
            "The search finds as many articles in every archive. One that a tenth of all articles answer has more to "
            "count and to rank in a larger archive; it is shown, and has no target.",
        ],
    )


def publishing(sites):
    """Publishing one article in the largest archive against the smallest."""
    measures = {
        (size, act): lambda worker=sites[size][0], act=act: worker.ask("call", name=f"{PAGES}:{act}", times=PUBLISHED)
        for act in PUBLISHING
        for size in (SMALL, LARGE)
    }
    for measure in measures.values():
        measure()
    spent = in_turn(measures, ROUNDS)
    rows = []
    for act, words in PUBLISHING.items():
        for kind, unit, most in (("cpu", "processor time", 1.5), ("elapsed", "time in all", None)):
            over, under = ([one[kind] for one in spent[size, act]] for size in (LARGE, SMALL))
            rows.append(Comparison(f"{words}, {unit}", over, under, at_most=most))
    return Section(
        "Publishing one article",
        f"{LARGE:,} articles",
        f"{SMALL:,} articles",
        rows,
        ["A revision is saved and published in one transaction, with all signals, and the worker's tasks are queued."],
    )


def hit():
    """A page out of the cache against Django's own hello, both called directly."""
    portal = places.portal(SMALL)
    with Worker(portal.cached, portal.env) as cached, Worker(DJANGO_HELLO, HELLO_ENV) as django:
        measures = {
            "cached": lambda: cached.cost(ARTICLE, HITS, {"HTTP_ACCEPT_ENCODING": "br"}),
            "django": lambda: django.cost("/", HITS),
        }
        for measure in measures.values():
            measure()
        cached.ask("settle")
        django.ask("settle")
        spent = in_turn(measures, ROUNDS)
    name = "processor time in the application"
    row = Comparison(name, spent["cached"], spent["django"], at_most=0.10, **MICRO)
    notes = [
        "Both WSGI applications are called directly; Django's has the middleware of `startproject`, and no database."
    ]
    return Section("A cached article", "Portal", "Django's hello", [row], notes)


def under_load():
    """A cached article through the server against other things that the same machine can send."""
    with ExitStack() as stack:
        running = {name: (stack.enter_context(server), *asked) for name, server, *asked in python_servers()}
        headers, body = kept(running[OURS][0])
        file = stack.enter_context(servers.nginx("article", body, dict(headers)))
        if file.fetch("/article", COMPRESSED)[1] != body:
            raise RuntimeError("nginx sends other bytes")
        running["nginx, a file"] = (file, "/article", COMPRESSED)
        loads = in_turn({name: loader(*what) for name, what in running.items()}, ROUNDS)
    rates = {name: [load.rate for load in found] for name, found in loads.items()}
    cpu = {name: [load.cpu for load in found] for name, found in loads.items()}
    return Section(
        "A cached article through the server",
        "Portal, cached",
        "the other",
        load_rows(rates, cpu),
        [
            f"The client (wrk, {servers.CONNECTIONS} connections, {FEW} to what is uncached) and the server with its "
            f"{servers.WORKERS} workers share the machine's cores, so that the client holds the fastest back: the "
            "processor time that the server took for one request stands beside the rate.",
            f"nginx sends the same compressed bytes ({len(body):,}) with the same headers, as a static file.",
            "Both hellos are made in a thread, as is every page that is not kept.",
        ],
        rates={name: max(found) for name, found in rates.items()},
    )


def kept(server):
    """Return (headers, body) of the article out of the cache; a new process asks the database before it keeps any."""
    deadline = time.monotonic() + servers.START_SECONDS
    while True:
        headers, body = server.fetch(ARTICLE, COMPRESSED)
        if headers["Content-Encoding"] == COMPRESSED["Accept-Encoding"]:
            return headers, body
        if time.monotonic() > deadline:
            raise RuntimeError("The article is not kept")
        time.sleep(0.1)


def python_servers():
    """Return (name, server, what its ``loader`` takes) of all that run in our web server, with the same flags."""
    portal, twin = places.portal(SMALL), places.twin(SMALL)
    return [
        (OURS, servers.python_server(portal.cached, portal.env), ARTICLE, COMPRESSED),
        ("raw hello", servers.python_server(RAW_HELLO, HELLO_ENV), "/", None),
        ("Django's hello", servers.python_server(DJANGO_HELLO, HELLO_ENV), "/", None),
        ("Portal, uncached", servers.python_server(portal.application, portal.env), ARTICLE, None, FEW),
        ("plain Wagtail", servers.python_server(twin.application, twin.env), ARTICLE, None, FEW),
    ]


def loader(server, path, headers, connections=servers.CONNECTIONS):
    """Return a function that measures a server, which it has warmed up."""
    for _request in range(WARMING):
        server.fetch(path, headers)
    return lambda: server.load(path, SECONDS, headers, connections)


def load_rows(rates, cpu):
    """Return the comparisons of the cached article with all others."""
    targets = {"raw hello": 0.5, "nginx, a file": 0.7}
    others = [name for name in rates if name != OURS]
    by_rate = [
        Comparison(f"{other}, rate", rates[OURS], rates[other], at_least=targets.get(other), **RATE) for other in others
    ]
    by_cost = [Comparison(f"{other}, processor time", cpu[OURS], cpu[other], **MICRO) for other in others]
    return [*by_rate, *by_cost]
