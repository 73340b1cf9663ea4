"""A real Varnish in front of a real site: it gives pages by itself, and nothing old after a change."""

import shutil
import subprocess
import time
import urllib.request
from pathlib import Path

import pytest

from tests.running import ROOT, Running, free_port

pytestmark = [
    pytest.mark.processes,
    pytest.mark.skipif(not shutil.which("varnishd"), reason="Varnish is not installed (Debian: varnish)"),
]
RENAME = """
from core.models import Furniture
item = Furniture.objects.get(locale__language_code="en")
item.organisation_name = "The Society of Harbours"
item.save()
"""


@pytest.fixture
def site(tmp_path):
    """A site with Varnish before it, as deploy/varnish.vcl has it; its ports apart."""
    running, port = Running(tmp_path), free_port()
    running.env |= {"FRONT_CACHE_URL": f"http://127.0.0.1:{port}", "FRONT_CACHE_SECONDS": "3600"}
    rules = (ROOT / "deploy/varnish.vcl").read_text().replace('"8000"', f'"{running.port}"')
    Path(tmp_path / "portal.vcl").write_text(rules)
    # Its own user could not read a test's folder.
    command = [
        "varnishd",
        "-j",
        "none",
        "-F",
        "-a",
        f"127.0.0.1:{port}",
        "-f",
        tmp_path / "portal.vcl",
        "-n",
        tmp_path / "varnish",
    ]
    running.start()
    varnish = subprocess.Popen([*command, "-s", "malloc,32m"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    running.front = port
    try:
        yield running
    finally:
        varnish.terminate()
        varnish.wait(10)
        running.stop()


def get(site, path, **headers):
    """Return (text, headers) of what Varnish gives."""
    asked = {"Host": f"127.0.0.1:{site.port}"} | headers
    request = urllib.request.Request(f"http://127.0.0.1:{site.front}{path}", headers=asked)
    for _attempt in range(100):
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310 - http, above
                return answer.read().decode(), answer.headers
        except urllib.error.URLError:
            time.sleep(0.1)
    raise AssertionError("Varnish does not answer")


def is_hit(headers):
    """Return whether Varnish had it: then it names the request that fetched it beside this one."""
    return len(headers["X-Varnish"].split()) == 2


def until_kept(site, **headers):
    """Ask twice until Varnish has the page, and return that: at first the site has it forget everything again."""
    deadline = time.monotonic() + 60
    while True:
        get(site, "/news/", **headers)
        answer = get(site, "/news/", **headers)
        if is_hit(answer[1]):
            return answer
        assert time.monotonic() < deadline
        time.sleep(0.5)


def test_a_page_is_given_by_varnish_until_it_changes(site):
    before, headers = until_kept(site)
    assert headers["Cache-Control"] == "public, max-age=0, must-revalidate, s-maxage=3600"
    until_kept(site, Cookie="other=1")
    assert not is_hit(get(site, "/news/", Cookie="session=1")[1])
    # Another allowed host, and the same as somebody may write it.
    others = [f"localhost:{site.port}", f"LocalHost:{site.port}"]
    for host in others:
        before += until_kept(site, Host=host)[0]
    assert "Harbours" not in before
    site.manage(RENAME)
    changed = time.monotonic()
    while "Harbours" not in get(site, "/news/")[0]:
        assert time.monotonic() - changed < 10
        time.sleep(0.1)
    print(f"Varnish gave the new page {time.monotonic() - changed:.1f} s after the change")
    assert "Harbours" in until_kept(site)[0]
    for host in others:
        assert "Harbours" in get(site, "/news/", Host=host)[0]
